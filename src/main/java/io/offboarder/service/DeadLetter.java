package io.offboarder.service;

import static io.offboarder.service.DeadLetterHeaders.add;

import io.offboarder.stream.IncompleteRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record that was rejected or has finally failed, as it is kept: key, value and headers
 * unchanged, so that it can be sent again, and beside them where it came from and what was wrong.
 * Of a record that was too large to be read it has what could be read.
 */
record DeadLetter(
    ConsumerRecord<byte[], byte[]> record, String status, String code, String message) {
  /** The record for the dead-letter topic. */
  ProducerRecord<byte[], byte[]> toRecord(String topic) {
    Headers headers = withOrigin(record.headers());
    if (record instanceof IncompleteRecord incomplete) {
      add(headers, "incomplete", incomplete.reason());
    }
    return record(topic, record.key(), record.value(), headers);
  }

  /**
   * The same without its value, for a topic that does not take a value of this size. A header says
   * so; the value is still where the other headers point.
   */
  ProducerRecord<byte[], byte[]> withoutValue(String topic) {
    Headers headers = withOrigin(record.headers());
    add(headers, "value-dropped", record.serializedValueSize() + " bytes");
    return record(topic, record.key(), null, headers);
  }

  /** Without key and headers too, which can be as large. */
  ProducerRecord<byte[], byte[]> withoutContents(String topic) {
    Headers headers = withOrigin(new RecordHeaders());
    add(headers, "value-dropped", record.serializedValueSize() + " bytes");
    add(headers, "key-dropped", record.serializedKeySize() + " bytes");
    add(headers, "headers-dropped", record.headers().toArray().length + " headers");
    return record(topic, null, null, headers);
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    return new ProducerRecord<>(topic, null, null, key, value, headers);
  }

  private Headers withOrigin(Headers original) {
    Headers headers = new RecordHeaders(original.toArray());
    add(headers, "topic", record.topic());
    add(headers, "partition", Integer.toString(record.partition()));
    add(headers, "offset", Long.toString(record.offset()));
    add(headers, "timestamp", Long.toString(record.timestamp()));
    add(headers, "status", status);
    add(headers, "code", code);
    add(headers, "message", message);
    return headers;
  }
}
