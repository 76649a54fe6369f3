package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record that was rejected or has finally failed, as it is kept: key, value and headers
 * unchanged, so that it can be sent again, and beside them where it came from and what was wrong.
 */
record DeadLetter(
    ConsumerRecord<byte[], byte[]> record, String status, String code, String message) {
  private static final String PREFIX = "__offboarder.errors.";

  /** The record for the dead-letter topic. */
  ProducerRecord<byte[], byte[]> toRecord(String topic) {
    return toRecord(topic, record.value(), headers());
  }

  /**
   * The same without its value, for a topic that does not take a value of this size. A header says
   * so; the value is still where the other headers point.
   */
  ProducerRecord<byte[], byte[]> withoutValue(String topic) {
    Headers headers = headers();
    add(headers, "value-dropped", record.serializedValueSize() + " bytes");
    return toRecord(topic, null, headers);
  }

  private ProducerRecord<byte[], byte[]> toRecord(
      String topic, byte @Nullable [] value, Headers headers) {
    return new ProducerRecord<>(topic, null, null, record.key(), value, headers);
  }

  private Headers headers() {
    Headers headers = new RecordHeaders(record.headers().toArray());
    add(headers, "topic", record.topic());
    add(headers, "partition", Integer.toString(record.partition()));
    add(headers, "offset", Long.toString(record.offset()));
    add(headers, "timestamp", Long.toString(record.timestamp()));
    add(headers, "status", status);
    add(headers, "code", code);
    add(headers, "message", message);
    return headers;
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(PREFIX + name, value.getBytes(UTF_8));
  }
}
