package io.offboarder.service;

import io.offboarder.event.EventType;
import io.offboarder.protection.Untouched;
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

  EventContext context(WorkContext attempt, Untouched untouched, Urgency urgency) {
    return new EventContext(
        coordinates, log, trace, Cancellation.when(() -> !attempt.isWanted()), untouched, urgency);
  }
}
