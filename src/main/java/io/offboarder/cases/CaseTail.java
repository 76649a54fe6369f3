package io.offboarder.cases;

import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.KafkaFailure;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.kafka.TopicEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the cases' topic from its beginning, on a thread of its own, and hands what changes to an
 * executor, one batch after another, in the topic's order: the next is read when the last was taken
 * in. Waits for a broker that is away. {@link #whenCaughtUp} and {@link #close} may be called from
 * any thread.
 */
public final class CaseTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CaseTail.class);
  private static final int PARTITION = 0;

  /** A record ends it earlier, and so does {@link #whenCaughtUp}. */
  private static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration BETWEEN_ENDS = Duration.ofSeconds(5);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

  /** Transactions take milliseconds: one that keeps us from reading on for so long hangs. */
  private static final Duration HIDDEN_FOR_LONG = Duration.ofSeconds(10);

  private final KafkaSettings settings;
  private final String topic;
  private final Executor executor;
  private final Consumer<List<CaseChange>> taker;
  private final CaseReader reader = new CaseReader();
  private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
  private final List<Awaited> awaited = new ArrayList<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final Thread thread;

  /** Only on the thread. */
  private long next;

  private Instant nextEnd = Instant.MIN;
  private boolean asksWhetherCurrent;
  private @Nullable String problem;
  private volatile Instant currentAt;
  private volatile boolean hidden;
  private volatile @Nullable CommittedRecordReader polled;
  private final AtomicLong unreadable = new AtomicLong();

  /** What is to be done when everything before an offset was taken in. */
  private record Awaited(long end, Runnable task) {}

  /**
   * A tail, which begins at once.
   *
   * @param executor what takes the changes in, one batch after another
   * @param taker takes them in
   */
  public CaseTail(
      KafkaSettings settings, String topic, Executor executor, Consumer<List<CaseChange>> taker) {
    this.settings = settings;
    this.topic = topic;
    this.executor = executor;
    this.taker = taker;
    this.currentAt = Instant.now();
    this.thread = new Thread(this::run, "cases");
    thread.start();
  }

  /**
   * Runs a task on the executor when everything was taken in that lies on the topic now, committed
   * or still to be.
   */
  public void whenCaughtUp(Runnable task) {
    asked.add(() -> executor.execute(task));
    CommittedRecordReader waiting = polled;
    if (waiting != null) {
      waiting.wake();
    }
  }

  /** When everything that lay on the topic was last taken in; before the first time, the start. */
  public Instant currentAt() {
    return currentAt;
  }

  /** Whether an open transaction has hidden the topic's end for so long that it must hang. */
  public boolean isHidden() {
    return hidden;
  }

  /** How many records were passed over since the start, because they are no cases. */
  public long unreadable() {
    return unreadable.get();
  }

  private void run() {
    while (!stopped.isDone()) {
      try (TopicEnd end = TopicEnd.open(settings, topic, PARTITION);
          CommittedRecordReader open =
              CommittedRecordReader.follow(
                  settings, topic, new Start.Offsets(Map.of(PARTITION, next)))) {
        CompletableFuture<Void> stopping = stopped.thenRun(open::stop);
        polled = open;
        follow(open, end);
        stopping.cancel(false);
      } catch (KafkaFailure e) {
        failed(e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("Following the cases failed; trying again", e);
        pause();
      } finally {
        polled = null;
      }
    }
  }

  private void failed(@Nullable String message) {
    if (!stopped.isDone()) {
      String words = String.valueOf(message);
      if (!words.equals(problem)) {
        LOG.warn("{}; nothing that waits is done until the cases can be read", words);
      }
      problem = words;
      pause();
    }
  }

  private void pause() {
    stopped
        .copy()
        .completeOnTimeout(null, BETWEEN_ATTEMPTS.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private void follow(CommittedRecordReader open, TopicEnd end) {
    while (!stopped.isDone()) {
      askForEnd(end);
      reached();
      List<Entry> entries = new ArrayList<>(open.poll(POLL));
      entries.sort(Comparator.comparingLong(Entry::offset));
      List<CaseChange> changes = new ArrayList<>(entries.size());
      List<Long> unknown = new ArrayList<>();
      for (Entry entry : entries) {
        reader.change(entry).ifPresentOrElse(changes::add, () -> unknown.add(entry.offset()));
      }
      report(unknown);
      if (!changes.isEmpty()) {
        CompletableFuture.anyOf(
                CompletableFuture.runAsync(() -> taker.accept(changes), executor), stopped)
            .join();
      }
      if (!stopped.isDone()) {
        next = open.position(PARTITION);
        reached();
        problem = null;
      }
    }
  }

  /** Logs one line for each batch: foreign records must not fill the log. */
  private void report(List<Long> unknown) {
    if (!unknown.isEmpty()) {
      unreadable.addAndGet(unknown.size());
      LOG.error(
          "{} has {} records, the first of them at {}, that are no cases which this version"
              + " understands; they are left alone",
          topic,
          unknown.size(),
          unknown.get(0));
    }
  }

  /** Fixes the end for all that have asked until now; what asks later waits for a later end. */
  private void askForEnd(TopicEnd end) {
    List<Runnable> asking = new ArrayList<>();
    for (Runnable one = asked.poll(); one != null; one = asked.poll()) {
      asking.add(one);
    }
    Instant now = Instant.now();
    if (asking.isEmpty() && now.isBefore(nextEnd)) {
      return;
    }
    long offset;
    try {
      offset = end.offset();
    } catch (KafkaFailure e) {
      asked.addAll(asking);
      throw e;
    }
    nextEnd = now.plus(BETWEEN_ENDS);
    asking.forEach(one -> awaited.add(new Awaited(offset, one)));
    if (!asksWhetherCurrent) {
      asksWhetherCurrent = true;
      awaited.add(new Awaited(offset, () -> current(now)));
    } else if (!hidden && now.isAfter(currentAt.plus(HIDDEN_FOR_LONG))) {
      hidden = true;
      LOG.warn(
          "{} is read up to {} and ends at {}: another producer's open transaction hides the rest",
          topic,
          next,
          offset);
    }
  }

  private void current(Instant at) {
    currentAt = at;
    asksWhetherCurrent = false;
    hidden = false;
  }

  private void reached() {
    for (Iterator<Awaited> all = awaited.iterator(); all.hasNext(); ) {
      Awaited one = all.next();
      if (next >= one.end()) {
        all.remove();
        one.task().run();
      }
    }
  }

  @Override
  public void close() {
    stopped.complete(null);
  }
}
