package io.offboarder.stream;

import io.offboarder.stream.Mailbox.Completion;
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
  private final LoopTime time;
  private final Mailbox mailbox;
  private final SubjectQueues subjects = new SubjectQueues();
  private final PriorityQueue<Retry> retries =
      new PriorityQueue<>(Comparator.comparing(Retry::due));
  private List<Task> ready = new ArrayList<>();
  private int records;
  private long bytes;

  private record Retry(Duration due, Task task) {}

  TaskRunner(Executor executor, LoopTime time) {
    this.executor = executor;
    this.time = time;
    this.mailbox = new Mailbox(time);
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
  void admit(Task task) {
    records++;
    bytes += task.bytes();
    if (subjects.enter(task)) {
      ready.add(task);
    }
  }

  /** Hands everything that may start to the executor, in one go. */
  void dispatch() {
    while (!retries.isEmpty() && retries.element().due().compareTo(time.now()) <= 0) {
      ready.add(retries.remove().task());
    }
    if (ready.isEmpty()) {
      return;
    }
    List<Task> starting = ready;
    ready = new ArrayList<>();
    for (Task task : starting) {
      task.running();
      task.partition.running++;
    }
    executor.execute(() -> starting.forEach(this::start));
  }

  private void start(Task task) {
    Future<Supplier<Result>> future;
    try {
      future = task.work.start(task.partition::isOwned);
    } catch (RuntimeException e) {
      future = Future.failedFuture(e);
    }
    future.onComplete(
        result -> mailbox.post(new Completion(task, result, null)),
        failure -> mailbox.post(new Completion(task, null, failure)));
  }

  /** Whether work that comes back lets other work of its subject start. */
  boolean isAnyWaiting() {
    return subjects.isAnyWaiting();
  }

  /** Waits until work comes back, or this long. */
  void await(Duration atMost) {
    mailbox.await(atMost);
  }

  /** Takes back what is finished. */
  void collect() {
    for (Completion done = mailbox.take(); done != null; done = mailbox.take()) {
      Task task = done.task();
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

  private void finish(Task task, Supplier<Result> ended) {
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

  private void fail(Task task, @Nullable Throwable failure) {
    if (task.partition.isOwned()) {
      retry(task, failure);
    } else {
      task.partition.handedBack++;
      endTurn(task);
      release(task);
    }
  }

  private void retry(Task task, @Nullable Throwable failure) {
    task.waiting();
    int doublings = Math.min(task.failures++, 16);
    Duration delay = FIRST_RETRY.multipliedBy(1L << doublings);
    if (delay.compareTo(LAST_RETRY) > 0) {
      delay = LAST_RETRY;
    }
    LOG.error("Work on {} failed and is started again in {} ms", task, delay.toMillis(), failure);
    retries.add(new Retry(time.now().plus(delay), task));
  }

  /** Drops a partition's tasks that wait to start; those that run come back by themselves. */
  void dropWaiting(Partition partition) {
    subjects.dropWaiting(partition).forEach(this::release);
    List<Task> turns = new ArrayList<>();
    ready.removeIf(task -> task.partition == partition && turns.add(task));
    retries.removeIf(retry -> retry.task().partition == partition && turns.add(retry.task()));
    for (Task task : turns) {
      release(task);
      endTurn(task);
    }
  }

  /** Ends what a task holds in flight: it is committed, or nobody asks for it any more. */
  void release(Task task) {
    records--;
    bytes -= task.bytes();
  }

  private void endTurn(Task task) {
    Task next = subjects.leave(task);
    if (next != null) {
      ready.add(next);
    }
  }
}
