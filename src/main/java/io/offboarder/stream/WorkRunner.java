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
 * Starts the work of admitted records and late work, one at a time per subject, and takes back what
 * is finished. Counts what is in flight, from admission to release. Confined to the Kafka thread,
 * but for the work itself, which runs on the executor and comes back through the {@link
 * CompletionQueue}.
 */
final class WorkRunner {
  private static final Logger LOG = LoggerFactory.getLogger(WorkRunner.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  /** How much late work may be in flight, as a part of what may be started. */
  private static final int LATE_WORK_SHARE = 4;

  private final int maxStarted;
  private final Executor executor;
  private final LoopClock clock;
  private final @Nullable Journal journal;
  private final CompletionQueue completions;
  private final KeyedQueues subjects = new KeyedQueues();
  private final PriorityQueue<Retry> retries =
      new PriorityQueue<>(Comparator.comparing(Retry::due));
  private final Load load = new Load();
  private final Load lateLoad = new Load();
  private final ArrayDeque<InFlightRecord> ready = new ArrayDeque<>();
  private final ArrayDeque<InFlightLateWork> readyLateWork = new ArrayDeque<>();

  /** Work that was started and is not released. */
  private int started;

  private volatile boolean paused;

  private record Retry(Duration due, InFlightWork work) {}

  /**
   * A runner.
   *
   * @param maxStarted bound on the work that is started and not released; that of a record that
   *     holds up its partition is started even so, because others may wait for it to be released
   * @param journal where work takes its notes; null if it takes none
   */
  WorkRunner(Executor executor, LoopClock clock, int maxStarted, @Nullable Journal journal) {
    this.journal = journal;
    this.maxStarted = maxStarted;
    this.executor = executor;
    this.clock = clock;
    this.completions = new CompletionQueue(clock);
  }

  /** Starts nothing until {@link #resume}; what runs goes on. From any thread. */
  void pause() {
    paused = true;
  }

  /** Starts what waits. From any thread. */
  void resume() {
    paused = false;
  }

  /** Whether nothing is started. */
  boolean isPaused() {
    return paused;
  }

  /** Records admitted and not released. */
  int records() {
    return load.count();
  }

  /** Those of them that do not wait for an earlier one of their subject. */
  int active() {
    return load.active();
  }

  /** Late work admitted and not released. */
  int lateWork() {
    return lateLoad.count();
  }

  /** Whether nothing is in flight. */
  boolean isIdle() {
    return load.count() + lateLoad.count() == 0;
  }

  /**
   * Whether more late work may be admitted. It has a share, so that however much is due at once,
   * records go on; and it takes that share before records do, so that however many there are, it
   * begins.
   */
  boolean hasRoomForLateWork() {
    return lateLoad.count() < Math.max(1, maxStarted / LATE_WORK_SHARE);
  }

  /** Work that was started and is not released. */
  int started() {
    return started;
  }

  /** What all records hold in memory, about. */
  long bytes() {
    return load.bytes();
  }

  /** Takes work in; it starts with the next {@link #dispatch} if its subject is free. */
  void admit(InFlightWork work) {
    loadOf(work).admitted(work);
    work.share().admitted(work);
    if (subjects.enter(work)) {
      makeReady(work);
    } else {
      loadOf(work).waits();
      work.share().waits();
    }
  }

  private Load loadOf(InFlightWork work) {
    return work instanceof InFlightLateWork ? lateLoad : load;
  }

  private void makeReady(InFlightWork work) {
    if (work instanceof InFlightRecord record) {
      ready.add(record);
    } else if (work instanceof InFlightLateWork late) {
      readyLateWork.add(late);
    }
  }

  /** Hands everything that may start to the executor, in one go. */
  void dispatch() {
    if (paused) {
      return;
    }
    List<InFlightWork> starting = new ArrayList<>(ready.size());
    while (!retries.isEmpty() && retries.element().due().compareTo(clock.now()) <= 0) {
      starting.add(retries.remove().work());
    }
    while (started < maxStarted && !readyLateWork.isEmpty()) {
      starting.add(readyLateWork.remove());
      started++;
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
      starting.forEach(InFlightWork::started);
      executor.execute(() -> starting.forEach(this::start));
    }
  }

  private WorkContext context(InFlightWork work) {
    return journal == null
        ? new UnjournaledContext(work.partition(), work.attemptReleased())
        : new NotingContext(work, journal);
  }

  private void start(InFlightWork work) {
    Future<ResultWriter> future;
    try {
      future = work.work().start(context(work));
    } catch (RuntimeException e) {
      future = Future.failedFuture(e);
    }
    future.onComplete(
        result -> completions.post(new Completion(work, result, null)),
        failure -> completions.post(new Completion(work, null, failure)));
  }

  /** Whether work that comes back lets other work of its subject start. */
  boolean isAnyWaiting() {
    return load.waiting() + lateLoad.waiting() > 0;
  }

  /** Waits until work comes back, or this long. */
  void await(Duration atMost) {
    completions.await(atMost);
  }

  /** Takes back what is finished. */
  void collect() {
    for (Completion done = completions.take(); done != null; done = completions.take()) {
      InFlightWork work = done.work();
      work.returned();
      if (work.partition().isGone()) {
        endTurn(work);
        release(work);
      } else if (done.result() != null) {
        finish(work, done.result());
      } else {
        fail(work, done.failure());
      }
    }
  }

  private void finish(InFlightWork work, ResultWriter done) {
    Result result;
    try {
      result = done.write();
    } catch (RuntimeException e) {
      fail(work, e);
      return;
    }
    endTurn(work);
    work.finished(result);
  }

  private void fail(InFlightWork work, @Nullable Throwable failure) {
    if (work.partition().isOwned()) {
      retry(work, failure);
    } else {
      work.partition().handedBack();
      endTurn(work);
      release(work);
    }
  }

  private void retry(InFlightWork work, @Nullable Throwable failure) {
    int doublings = Math.min(work.failed(), 16);
    Duration delay = FIRST_RETRY.multipliedBy(1L << doublings);
    if (delay.compareTo(LAST_RETRY) > 0) {
      delay = LAST_RETRY;
    }
    LOG.error("Work on {} failed and is started again in {} ms", work, delay.toMillis(), failure);
    retries.add(new Retry(clock.now().plus(delay), work));
  }

  /** Drops a partition's work that waits to start; what runs comes back by itself. */
  void dropWaiting(Partition partition) {
    for (InFlightWork work : subjects.dropWaiting(partition)) {
      waitsNoMore(work);
      release(work);
    }
    List<InFlightWork> dropped = new ArrayList<>();
    ready.removeIf(work -> work.partition() == partition && dropped.add(work));
    retries.removeIf(retry -> retry.work().partition() == partition && dropped.add(retry.work()));
    for (InFlightWork work : dropped) {
      release(work);
      endTurn(work);
    }
  }

  /** Ends what work holds in flight: its result is committed, or its partition is gone. */
  void release(InFlightWork work) {
    loadOf(work).released(work);
    work.share().released(work);
    work.released();
    if (work.isStarted()) {
      started--;
    }
  }

  private void endTurn(InFlightWork work) {
    InFlightWork next = subjects.leave(work);
    if (next != null) {
      waitsNoMore(next);
      makeReady(next);
    }
  }

  private void waitsNoMore(InFlightWork work) {
    loadOf(work).waitsNoMore();
    work.share().waitsNoMore();
  }
}
