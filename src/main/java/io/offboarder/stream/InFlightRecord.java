package io.offboarder.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One admitted record on its way to its outcome. Confined to the Kafka thread; the work itself runs
 * elsewhere and comes back through the {@link CompletionQueue}.
 */
final class InFlightRecord {
  final ConsumerRecord<byte[], byte[]> record;
  final Partition partition;
  final RecordWork work;
  int failures;
  private State state = State.WAITING;
  private @Nullable Result result;

  /** Where a task is. */
  enum State {
    /** Behind another task of its subject, or for a back-off to pass. */
    WAITING,
    /** Its work is started. */
    RUNNING,
    /** It has a result that is not committed. */
    FINISHED
  }

  InFlightRecord(ConsumerRecord<byte[], byte[]> record, Partition partition, RecordWork work) {
    this.record = record;
    this.partition = partition;
    this.work = work;
  }

  State state() {
    return state;
  }

  void waiting() {
    state = State.WAITING;
  }

  void running() {
    state = State.RUNNING;
  }

  void finished(Result with) {
    state = State.FINISHED;
    result = with;
  }

  Result result() {
    if (result == null) {
      throw new IllegalStateException("no result yet");
    }
    return result;
  }

  /** What the record holds in memory. */
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
