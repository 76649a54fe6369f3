package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.WorkId;

/** {@link LateWork} on its way to its committed result. Confined to the Kafka thread. */
final class InFlightLateWork extends InFlightWork {
  private final LateWork work;

  InFlightLateWork(LateWork work, Partition partition) {
    super(partition, work, new WorkId(work.partition(), work.offset(), true));
    this.work = work;
  }

  @Override
  Load share() {
    return partition().lateWork();
  }

  @Override
  void keep() {
    partition().finished(this);
  }

  /** Its source holds what it is about; there are few at a time. */
  @Override
  long bytes() {
    return InFlightRecord.RECORD_BYTES;
  }

  @Override
  public String toString() {
    return "late work of " + work.partition() + "@" + work.offset();
  }
}
