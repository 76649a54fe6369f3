package io.offboarder.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An admitted record on its way to its result. Confined to the Kafka thread; its work runs
 * elsewhere and comes back through the {@link CompletionQueue}.
 */
final class InFlightRecord {
  private final ConsumerRecord<byte[], byte[]> record;
  private final Partition partition;
  private final RecordWork work;
  private int failures;
  private @Nullable Result result;

  InFlightRecord(ConsumerRecord<byte[], byte[]> record, Partition partition, RecordWork work) {
    this.record = record;
    this.partition = partition;
    this.work = work;
  }

  long offset() {
    return record.offset();
  }

  Partition partition() {
    return partition;
  }

  RecordWork work() {
    return work;
  }

  /** Its work has failed; returns how often it had failed before. */
  int failed() {
    return failures++;
  }

  /** Its work is done. */
  void finished(Result with) {
    result = with;
    partition.finished(this);
  }

  /** Its result is written more shortly. */
  void shortened(Result to) {
    result = to;
  }

  Result result() {
    if (result == null) {
      throw new IllegalStateException("no result yet");
    }
    return result;
  }

  /** The bytes of the record's key and value. */
  long bytes() {
    return bytes(record);
  }

  static long bytes(ConsumerRecord<byte[], byte[]> record) {
    return (long) Math.max(0, record.serializedKeySize())
        + Math.max(0, record.serializedValueSize());
  }

  @Override
  public String toString() {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }
}
