package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.WorkId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Work on its way to its committed result. Confined to the Kafka thread; the work itself runs
 * elsewhere and comes back through the {@link CompletionQueue}.
 */
abstract sealed class InFlightWork permits InFlightRecord, InFlightLateWork {
  private final Partition partition;
  private final RecordWork work;
  private final WorkId id;
  private final WorkNotes notes;
  private Promise<Void> attempt = Promise.promise();
  private boolean started;
  private int failures;
  private @Nullable Result result;

  InFlightWork(Partition partition, RecordWork work, WorkId id) {
    this.partition = partition;
    this.work = work;
    this.id = id;
    this.notes = new WorkNotes(partition.notes().inheritedBy(id));
  }

  Partition partition() {
    return partition;
  }

  RecordWork work() {
    return work;
  }

  /** Names it for the journal. */
  WorkId id() {
    return id;
  }

  /** What its attempts have noted. */
  WorkNotes notes() {
    return notes;
  }

  /** Whether it was ever started. */
  boolean isStarted() {
    return started;
  }

  /** It is started. */
  void started() {
    started = true;
    partition.notes().started(this);
    share().started();
  }

  /** It has come back, with a result or without. */
  void returned() {
    share().returned();
  }

  /** Its attempt has failed, and another begins later; returns how often it had failed before. */
  int failed() {
    released();
    attempt = Promise.promise();
    return failures++;
  }

  /** It is done. */
  void finished(Result with) {
    result = with;
    keep();
  }

  /** Completes once nothing is held for the attempt at hand. */
  Future<Void> attemptReleased() {
    return attempt.future();
  }

  /** Nothing is held for it. */
  void released() {
    attempt.tryComplete();
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
