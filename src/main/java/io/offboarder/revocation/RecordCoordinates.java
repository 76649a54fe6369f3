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

  /** The outcome's id: the same for the same record, whoever processes it and however often. */
  String outcomeId() {
    String name = topic + "/" + partition + "/" + offset + "/" + timestamp;
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
