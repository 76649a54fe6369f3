package io.offboarder.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * An admitted record on its way to its result. Confined to the Kafka thread; its work runs
 * elsewhere and comes back through the {@link CompletionQueue}.
 */
final class InFlightRecord {
  /** Beside its bytes: what was decoded of it, and the objects that hold it. */
  static final int RECORD_BYTES = 2048;

  private static final int HEADER_BYTES = 128;

  private final ConsumerRecord<byte[], byte[]> record;
  private final Partition partition;
  private final RecordWork work;
  private final long bytes;
  private boolean started;
  private int failures;
  private @Nullable Result result;

  InFlightRecord(ConsumerRecord<byte[], byte[]> record, Partition partition, RecordWork work) {
    this.record = record;
    this.partition = partition;
    this.work = work;
    this.bytes = bytes(record);
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

  /** Whether all records before it in its partition are finished. */
  boolean holdsUpItsPartition() {
    return record.offset() <= partition.ledger().base();
  }

  /** Whether its work was ever started. */
  boolean isStarted() {
    return started;
  }

  /** Its work is started. */
  void started() {
    started = true;
    partition.started();
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

  /** What the record holds in memory, about. */
  long bytes() {
    return bytes;
  }

  /** What a record holds in memory, about, once it is in flight. */
  static long bytes(ConsumerRecord<byte[], byte[]> record) {
    long bytes =
        (long) RECORD_BYTES
            + (record.key() == null ? 0 : record.key().length)
            + (record.value() == null ? 0 : record.value().length);
    for (Header header : record.headers()) {
      bytes += HEADER_BYTES + header.key().length();
      bytes += header.value() == null ? 0 : header.value().length;
    }
    return bytes;
  }

  @Override
  public String toString() {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }
}
