package io.offboarder.stream;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a record that is too large to be read whole: where it is, and those of its key,
 * value and headers that are small enough. Its serialized sizes are those of the whole record.
 */
public final class IncompleteRecord extends ConsumerRecord<byte[], byte[]> {
  private final String reason;

  /** The remains of a record, and in words what was too large. */
  @SuppressWarnings("NullAway") // Kafka's records may lack a key and a value
  IncompleteRecord(
      Position position,
      int keySize,
      int valueSize,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      String reason) {
    super(
        position.topic(),
        position.partition(),
        position.offset(),
        position.timestamp(),
        position.timestampType(),
        keySize,
        valueSize,
        key,
        value,
        headers,
        Optional.empty());
    this.reason = reason;
  }

  /** Where a record is, and since when. */
  record Position(
      String topic, int partition, long offset, long timestamp, TimestampType timestampType) {}

  /** What was too large, in words, such as "its value has 734003200 bytes". */
  public String reason() {
    return reason;
  }
}
