package io.offboarder.stream;

import org.jspecify.annotations.Nullable;

/**
 * Work on its way to its committed result. Confined to the Kafka thread; the work itself runs
 * elsewhere and comes back through the {@link CompletionQueue}.
 */
abstract sealed class InFlightWork permits InFlightRecord, InFlightLateWork {
  private final Partition partition;
  private final RecordWork work;
  private boolean started;
  private int failures;
  private @Nullable Result result;

  InFlightWork(Partition partition, RecordWork work) {
    this.partition = partition;
    this.work = work;
  }

  Partition partition() {
    return partition;
  }

  RecordWork work() {
    return work;
  }

  /** Whether it was ever started. */
  boolean isStarted() {
    return started;
  }

  /** It is started. */
  void started() {
    started = true;
    share().started();
  }

  /** It has come back, with a result or without. */
  void returned() {
    share().returned();
  }

  /** It has failed; returns how often it had failed before. */
  int failed() {
    return failures++;
  }

  /** It is done. */
  void finished(Result with) {
    result = with;
    keep();
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

  /** What is in flight of its kind, in its partition. */
  abstract Load share();

  /** Keeps it with its partition until its result is committed. */
  abstract void keep();

  /** What it holds in memory, about. */
  abstract long bytes();
}
