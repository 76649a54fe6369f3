package io.offboarder.cases;

import io.offboarder.event.OffboardingEvent;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A case as it lies on its topic: what waits, the event as it was understood, which is what will be
 * done, and the record that it came in, which may have to be kept as a dead letter.
 *
 * @param input that record
 */
public record CaseRecord(WaitingCase waiting, OffboardingEvent event, StoredRecord input) {

  /** The same event with something else to wait for. */
  public CaseRecord with(WaitingCase other) {
    return new CaseRecord(other, event, input);
  }

  /**
   * A record as it came.
   *
   * @param timestamp in milliseconds since 1970
   * @param receivedAt when it was first taken in
   */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are Kafka's; a copy of each would cost.
  public record StoredRecord(
      long timestamp,
      Instant receivedAt,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers) {}
}
