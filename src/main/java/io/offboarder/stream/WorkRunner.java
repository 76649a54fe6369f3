package io.offboarder.stream;

import io.offboarder.stream.CompletionQueue.Completion;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the work of admitted records, one at a time per subject, and takes back what is finished.
 * Counts what is in flight from admission to release. Confined to the Kafka thread, but for the
 * work itself, which runs on the executor and comes back through the mailbox.
 */
final class TaskRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final Executor executor;
  private final LoopClock clock;
  private final CompletionQueue completions;
  private final KeyedQueues subjects = new KeyedQueues();
  private final PriorityQueue<Retry> retries =
      new PriorityQueue<>(Comparator.comparing(Retry::due));
  private List<InFlightRecord> ready = new ArrayList<>();
  private int records;
  private long bytes;

  private record Retry(Duration due, InFlightRecord task) {}

  TaskRunner(Executor executor, LoopClock clock) {
    this.executor = executor;
    this.clock = clock;
    this.completions = new CompletionQueue(clock);
  }

  /** Records admitted and not released. */
  int records() {
    return records;
  }

  /** The size of their keys and values. */
  long bytes() {
    return bytes;
  }

  /** Takes a task in; it starts with the next {@link #dispatch} if its subject is free. */
  void admit(InFlightRecord task) {
    records++;
    bytes += task.bytes();
    if (subjects.enter(task)) {
      ready.add(task);
    }
  }

  /** Hands everything that may start to the executor, in one go. */
  void dispatch() {
    while (!retries.isEmpty() && retries.element().due().compareTo(clock.now()) <= 0) {
      ready.add(retries.remove().task());
    }
    if (ready.isEmpty()) {
      return;
    }
    List<InFlightRecord> starting = ready;
    ready = new ArrayList<>();
    for (InFlightRecord task : starting) {
      task.running();
      task.partition.running++;
    }
    executor.execute(() -> starting.forEach(this::start));
  }

  private void start(InFlightRecord task) {
    Future<Supplier<Result>> future;
    try {
      future = task.work.start(task.partition::isOwned);
    } catch (RuntimeException e) {
      future = Future.failedFuture(e);
    }
    future.onComplete(
        result -> completions.post(new Completion(task, result, null)),
        failure -> completions.post(new Completion(task, null, failure)));
  }

  /** Whether work that comes back lets other work of its subject start. */
  boolean isAnyWaiting() {
    return subjects.isAnyWaiting();
  }

  /** Waits until work comes back, or this long. */
  void await(Duration atMost) {
    completions.await(atMost);
  }

  /** Takes back what is finished. */
  void collect() {
    for (Completion done = completions.take(); done != null; done = completions.take()) {
      InFlightRecord task = done.task();
      task.partition.running--;
      if (task.partition.isGone()) {
        endTurn(task);
        release(task);
      } else if (done.result() != null) {
        finish(task, done.result());
      } else {
        fail(task, done.failure());
      }
    }
  }

  private void finish(InFlightRecord task, Supplier<Result> ended) {
    Result result;
    try {
      result = ended.get();
    } catch (RuntimeException e) {
      fail(task, e);
      return;
    }
    endTurn(task);
    task.finished(result);
    task.partition.finished.put(task.record.offset(), task);
  }

  private void fail(InFlightRecord task, @Nullable Throwable failure) {
    if (task.partition.isOwned()) {
      retry(task, failure);
    } else {
      task.partition.handedBack++;
      endTurn(task);
      release(task);
    }
  }

  private void retry(InFlightRecord task, @Nullable Throwable failure) {
    task.waiting();
    int doublings = Math.min(task.failures++, 16);
    Duration delay = FIRST_RETRY.multipliedBy(1L << doublings);
    if (delay.compareTo(LAST_RETRY) > 0) {
      delay = LAST_RETRY;
    }
    LOG.error("Work on {} failed and is started again in {} ms", task, delay.toMillis(), failure);
    retries.add(new Retry(clock.now().plus(delay), task));
  }

  /** Drops a partition's tasks that wait to start; those that run come back by themselves. */
  void dropWaiting(Partition partition) {
    subjects.dropWaiting(partition).forEach(this::release);
    List<InFlightRecord> turns = new ArrayList<>();
    ready.removeIf(task -> task.partition == partition && turns.add(task));
    retries.removeIf(retry -> retry.task().partition == partition && turns.add(retry.task()));
    for (InFlightRecord task : turns) {
      release(task);
      endTurn(task);
    }
  }

  /** Ends what a task holds in flight: it is committed, or nobody asks for it any more. */
  void release(InFlightRecord task) {
    records--;
    bytes -= task.bytes();
  }

  private void endTurn(InFlightRecord task) {
    InFlightRecord next = subjects.leave(task);
    if (next != null) {
      ready.add(next);
    }
  }
}
