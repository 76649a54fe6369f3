package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.WorkId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** An admitted record on its way to its committed result. Confined to the Kafka thread. */
final class InFlightRecord extends InFlightWork {
  /** Beside its bytes: what was decoded of it, and the objects that hold it. */
  static final int RECORD_BYTES = 2048;

  private static final int HEADER_BYTES = 128;

  private final ConsumerRecord<byte[], byte[]> record;
  private final long bytes;

  InFlightRecord(ConsumerRecord<byte[], byte[]> record, Partition partition, RecordWork work) {
    super(partition, work, new WorkId(partition.id(), record.offset(), false));
    this.record = record;
    this.bytes = bytes(record) + work.heldBytes();
  }

  long offset() {
    return record.offset();
  }

  /** Whether all records before it in its partition are finished. */
  boolean holdsUpItsPartition() {
    return record.offset() <= partition().ledger().base();
  }

  @Override
  Load share() {
    return partition().load();
  }

  @Override
  void keep() {
    partition().finished(this);
  }

  @Override
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
