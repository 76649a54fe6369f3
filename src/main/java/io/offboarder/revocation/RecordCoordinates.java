package io.offboarder.revocation;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * Where an event was read, and when.
 *
 * @param timestamp the record's, in milliseconds since 1970
 * @param receivedAt when this instance took the record in
 * @param index which of the record's events it is, from 0; {@link #ALONE} where it is the only one
 * @param caseId names the case of this event: the same in each instance and at each attempt
 */
public record RecordCoordinates(
    String topic,
    int partition,
    long offset,
    long timestamp,
    Instant receivedAt,
    int index,
    String caseId) {
  /** The index of an event that has a record of its own. */
  public static final int ALONE = -1;

  /** Of an event whose case has the name that follows from its coordinates. */
  public RecordCoordinates(
      String topic, int partition, long offset, long timestamp, Instant receivedAt, int index) {
    this(
        topic,
        partition,
        offset,
        timestamp,
        receivedAt,
        index,
        caseId(topic, partition, offset, timestamp, index));
  }

  /** Of an event that has a record of its own. */
  public RecordCoordinates(
      String topic, int partition, long offset, long timestamp, Instant receivedAt) {
    this(topic, partition, offset, timestamp, receivedAt, ALONE);
  }

  /** Of one of the record's events. */
  public RecordCoordinates at(int indexInRecord) {
    return new RecordCoordinates(topic, partition, offset, timestamp, receivedAt, indexInRecord);
  }

  /** When the record reached Kafka, by its timestamp; where it has none, when it was taken in. */
  public Instant arrivedAt() {
    return timestamp < 0 ? receivedAt : Instant.ofEpochMilli(timestamp);
  }

  private static String caseId(
      String topic, int partition, long offset, long timestamp, int index) {
    String record = topic + "/" + partition + "/" + offset + "/" + timestamp;
    String name = index == ALONE ? record : record + "/" + index;
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
