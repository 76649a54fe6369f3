package io.offboarder.stream;

import io.offboarder.stream.CompletionQueue.Completion;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the work of admitted records, one at a time per subject, and takes back what is finished.
 * Counts what is in flight, from admission to release. Confined to the Kafka thread, but for the
 * work itself, which runs on the executor and comes back through the {@link CompletionQueue}.
 */
final class WorkRunner {
  private static final Logger LOG = LoggerFactory.getLogger(WorkRunner.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final int maxStarted;
  private final Executor executor;
  private final LoopClock clock;
  private final CompletionQueue completions;
  private final KeyedQueues subjects = new KeyedQueues();
  private final PriorityQueue<Retry> retries =
      new PriorityQueue<>(Comparator.comparing(Retry::due));
  private final Load load = new Load();
  private final ArrayDeque<InFlightRecord> ready = new ArrayDeque<>();

  /** Records whose work was started and that are not released. */
  private int started;

  private record Retry(Duration due, InFlightRecord record) {}

  /**
   * A runner.
   *
   * @param maxStarted bound on the records whose work is started and that are not released; one
   *     that holds up its partition is started even so, because others may wait for it to be
   *     released
   */
  WorkRunner(Executor executor, LoopClock clock, int maxStarted) {
    this.maxStarted = maxStarted;
    this.executor = executor;
    this.clock = clock;
    this.completions = new CompletionQueue(clock);
  }

  /** Records admitted and not released. */
  int records() {
    return load.records();
  }

  /** Those of them that do not wait for an earlier one of their subject. */
  int active() {
    return load.active();
  }

  /** Records whose work was started and that are not released. */
  int started() {
    return started;
  }

  /** What all of them hold in memory, about. */
  long bytes() {
    return load.bytes();
  }

  /** Takes a record in; its work starts with the next {@link #dispatch} if its subject is free. */
  void admit(InFlightRecord record) {
    load.admitted(record);
    record.partition().load().admitted(record);
    if (subjects.enter(record)) {
      ready.add(record);
    } else {
      load.waits();
      record.partition().load().waits();
    }
  }

  /** Hands everything that may start to the executor, in one go. */
  void dispatch() {
    List<InFlightRecord> starting = new ArrayList<>(ready.size());
    while (!retries.isEmpty() && retries.element().due().compareTo(clock.now()) <= 0) {
      starting.add(retries.remove().record());
    }
    for (Iterator<InFlightRecord> turns = ready.iterator(); turns.hasNext(); ) {
      InFlightRecord record = turns.next();
      if (started < maxStarted || record.holdsUpItsPartition()) {
        turns.remove();
        starting.add(record);
        started++;
      }
    }
    if (!starting.isEmpty()) {
      starting.forEach(InFlightRecord::started);
      executor.execute(() -> starting.forEach(this::start));
    }
  }

  private void start(InFlightRecord record) {
    Future<ResultWriter> future;
    try {
      future = record.work().start(record.partition()::isOwned);
    } catch (RuntimeException e) {
      future = Future.failedFuture(e);
    }
    future.onComplete(
        result -> completions.post(new Completion(record, result, null)),
        failure -> completions.post(new Completion(record, null, failure)));
  }

  /** Whether work that comes back lets other work of its subject start. */
  boolean isAnyWaiting() {
    return load.waiting() > 0;
  }

  /** Waits until work comes back, or this long. */
  void await(Duration atMost) {
    completions.await(atMost);
  }

  /** Takes back what is finished. */
  void collect() {
    for (Completion done = completions.take(); done != null; done = completions.take()) {
      InFlightRecord record = done.record();
      record.partition().returned();
      if (record.partition().isGone()) {
        endTurn(record);
        release(record);
      } else if (done.result() != null) {
        finish(record, done.result());
      } else {
        fail(record, done.failure());
      }
    }
  }

  private void finish(InFlightRecord record, ResultWriter done) {
    Result result;
    try {
      result = done.write();
    } catch (RuntimeException e) {
      fail(record, e);
      return;
    }
    endTurn(record);
    record.finished(result);
  }

  private void fail(InFlightRecord record, @Nullable Throwable failure) {
    if (record.partition().isOwned()) {
      retry(record, failure);
    } else {
      record.partition().handedBack();
      endTurn(record);
      release(record);
    }
  }

  private void retry(InFlightRecord record, @Nullable Throwable failure) {
    int doublings = Math.min(record.failed(), 16);
    Duration delay = FIRST_RETRY.multipliedBy(1L << doublings);
    if (delay.compareTo(LAST_RETRY) > 0) {
      delay = LAST_RETRY;
    }
    LOG.error("Work on {} failed and is started again in {} ms", record, delay.toMillis(), failure);
    retries.add(new Retry(clock.now().plus(delay), record));
  }

  /** Drops a partition's records whose work waits to start; what runs comes back by itself. */
  void dropWaiting(Partition partition) {
    for (InFlightRecord record : subjects.dropWaiting(partition)) {
      waitsNoMore(record);
      release(record);
    }
    List<InFlightRecord> dropped = new ArrayList<>();
    ready.removeIf(record -> record.partition() == partition && dropped.add(record));
    retries.removeIf(
        retry -> retry.record().partition() == partition && dropped.add(retry.record()));
    for (InFlightRecord record : dropped) {
      release(record);
      endTurn(record);
    }
  }

  /** Ends what a record holds in flight: its result is committed, or its partition is gone. */
  void release(InFlightRecord record) {
    load.released(record);
    record.partition().load().released(record);
    if (record.isStarted()) {
      started--;
    }
  }

  private void endTurn(InFlightRecord record) {
    InFlightRecord next = subjects.leave(record);
    if (next != null) {
      waitsNoMore(next);
      ready.add(next);
    }
  }

  private void waitsNoMore(InFlightRecord record) {
    load.waitsNoMore();
    record.partition().load().waitsNoMore();
  }
}
