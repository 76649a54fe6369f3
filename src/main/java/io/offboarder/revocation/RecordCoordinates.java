package io.offboarder.revocation;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * Where an event was read, and when.
 *
 * @param timestamp the record's, in milliseconds since 1970
 * @param receivedAt when this instance took the record in
 */
public record RecordCoordinates(
    String topic, int partition, long offset, long timestamp, Instant receivedAt) {

  /** When the record reached Kafka, by its timestamp; where it has none, when it was taken in. */
  public Instant arrivedAt() {
    return timestamp < 0 ? receivedAt : Instant.ofEpochMilli(timestamp);
  }

  /** Names the case of this record: the same whoever processes the record and however often. */
  public String caseId() {
    String name = topic + "/" + partition + "/" + offset + "/" + timestamp;
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
