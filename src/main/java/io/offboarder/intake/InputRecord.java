package io.offboarder.intake;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record as rules see it.
 *
 * @param timestamp in milliseconds since 1970; negative where it has none
 * @param key null for a record without one
 * @param value null for a record without one
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes are Kafka's; a copy of each would cost.
public record InputRecord(
    String topic,
    int partition,
    long offset,
    long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers) {

  /** The same with another value: as JSON, where it came in another form. */
  public InputRecord with(byte @Nullable [] json) {
    return new InputRecord(topic, partition, offset, timestamp, key, json, headers);
  }

  /**
   * A record that was consumed.
   *
   * @param value its value as JSON, where it came in another form
   */
  public static InputRecord of(ConsumerRecord<byte[], byte[]> record, byte @Nullable [] value) {
    return new InputRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.key(),
        value,
        record.headers());
  }
}
