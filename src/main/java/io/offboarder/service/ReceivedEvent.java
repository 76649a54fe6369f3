package io.offboarder.service;

import io.offboarder.event.EventType;
import io.offboarder.protection.Untouched;
import io.offboarder.revocation.CaseNotes;
import io.offboarder.revocation.EventContext;
import io.offboarder.revocation.EventContext.Urgency;
import io.offboarder.revocation.EventLog;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.stream.WorkContext;
import io.offboarder.webex.gate.Cancellation;
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

  /**
   * What accompanies an attempt at it.
   *
   * @param look 0 for the event itself, else which look after its end
   */
  EventContext context(WorkContext attempt, Untouched untouched, Urgency urgency, int look) {
    return new EventContext(
        coordinates,
        log,
        trace,
        Cancellation.when(() -> !attempt.isWanted()),
        untouched,
        urgency,
        new CaseNotes(look, attempt.earlierNotes(), attempt::note));
  }
}
