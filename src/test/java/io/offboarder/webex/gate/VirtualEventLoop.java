package io.offboarder.webex.gate;

import io.offboarder.webex.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** A loop whose time passes only when a test lets it, and then at once. */
public final class VirtualEventLoop implements EventLoop {

  private static final Instant EPOCH = Instant.parse("2026-11-23T09:00:00Z");

  private record Task(long at, long order, Runnable action) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          java.util.Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
  private long nanos;
  private long order;

  /** Looking at the clock takes a moment, so that no two requests are sent at the same. */
  @Override
  public long nanos() {
    return nanos += 100;
  }

  @Override
  public Instant now() {
    return EPOCH.plusNanos(nanos);
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    Task task = new Task(nanos + Math.max(0, delay.toNanos()), order++, action);
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  @Override
  public void soon(Runnable action) {
    tasks.add(new Task(nanos, order++, action));
  }

  double seconds() {
    return nanos / 1e9;
  }

  public void run(Duration time) {
    long end = nanos + time.toNanos();
    for (Task next = tasks.peek(); next != null && next.at() <= end; next = tasks.peek()) {
      tasks.remove();
      nanos = Math.max(nanos, next.at());
      next.action().run();
    }
    nanos = Math.max(nanos, end);
  }
}
