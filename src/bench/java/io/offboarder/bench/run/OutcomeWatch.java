package io.offboarder.bench.run;

import io.offboarder.bench.work.Task;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** Notes when each event's outcome could first be read, on a thread of its own. */
final class OutcomeWatch implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final OutcomeLog reader;
  private final AtomicLongArray atMicros;
  private final Thread thread;
  private volatile boolean closing;
  private volatile @Nullable RuntimeException failure;
  private volatile int distinct;
  private volatile int twice;

  private OutcomeWatch(OutcomeLog reader, int events) {
    this.reader = reader;
    this.atMicros = new AtomicLongArray(events);
    this.thread = new Thread(this::run, "outcomes");
  }

  static OutcomeWatch start(Task task, int events) {
    OutcomeLog reader = new OutcomeLog(task.bootstrapServers(), task.outcomes());
    OutcomeWatch watch = new OutcomeWatch(reader, events);
    watch.thread.start();
    return watch;
  }

  private void run() {
    try (reader) {
      while (!closing) {
        reader.read(LOOK, event -> atMicros.set(event, WallClock.micros()));
        distinct = reader.distinct();
        twice = reader.twice();
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Waits until so many events have an outcome, or for this long; throws if it could not read. */
  void await(int events, Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (distinct < events && System.nanoTime() < deadline) {
      if (failure != null) {
        throw new IllegalStateException("outcomes could not be read", failure);
      }
      Thread.sleep(LOOK.toMillis());
    }
  }

  long atMicros(int event) {
    return atMicros.get(event);
  }

  int distinct() {
    return distinct;
  }

  int twice() {
    return twice;
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
