package io.offboarder.service;

import io.offboarder.event.EventType;
import io.offboarder.protection.Untouched;
import io.offboarder.revocation.CaseNotes;
import io.offboarder.revocation.EventContext;
import io.offboarder.revocation.EventContext.Urgency;
import io.offboarder.revocation.EventLog;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.stream.WorkContext;
import io.offboarder.stream.WorkContext.Noted;
import io.offboarder.webex.gate.Cancellation;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event that was taken in, and how it is spoken of.
 *
 * @param record that it came in
 * @param type null where it was not understood
 */
record ReceivedEvent(
    ConsumerRecord<byte[], byte[]> record,
    RecordCoordinates coordinates,
    @Nullable EventType type,
    EventTrace trace,
    EventLog log) {

  /** When Kafka took the event in, the first time where it is published once more. */
  Instant firstArrived() {
    return ReplayHeaders.firstArrived(record.headers(), coordinates.arrivedAt());
  }

  /** Of an attempt at the event itself. */
  EventContext context(WorkContext attempt, Untouched untouched, Urgency urgency) {
    return context(attempt, untouched, urgency, 0, false);
  }

  /**
   * Of an attempt.
   *
   * @param look 0 at the event itself, else which look after its end
   * @param released whether a person has released it
   */
  EventContext context(
      WorkContext attempt, Untouched untouched, Urgency urgency, int look, boolean released) {
    return new EventContext(
        coordinates,
        log,
        trace,
        Cancellation.when(() -> !attempt.isWanted()),
        untouched,
        urgency,
        new CaseNotes(
            look, attempt.earlierNotes(), released, note -> attempt.note(note).map(Noted::mayGo)),
        attempt.released());
  }
}
