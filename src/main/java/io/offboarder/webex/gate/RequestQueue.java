package io.offboarder.webex.gate;

import io.offboarder.webex.credentials.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Where requests are that are not in flight: in the queue, or waiting out a back-off first. */
final class RequestQueue {

  /** After trouble, what waited out its back-off comes back within this time, not all at once. */
  private static final Duration COMEBACK = Duration.ofSeconds(1);

  private final FairQueue<PendingRequest<?>> queue = new FairQueue<>();
  private final Map<PendingRequest<?>, EventLoop.Timer> delayed = new LinkedHashMap<>();
  private final EventLoop loop;
  private final RandomGenerator random;
  private final Runnable onReady;

  /**
   * A waiting room.
   *
   * @param onReady told when a request's back-off is over
   */
  RequestQueue(EventLoop loop, RandomGenerator random, Runnable onReady) {
    this.loop = loop;
    this.random = random;
    this.onReady = onReady;
  }

  void first(PendingRequest<?> pending) {
    queue.addFirst(pending.caller, pending);
  }

  void last(PendingRequest<?> pending) {
    queue.addLast(pending.caller, pending);
  }

  void after(Duration delay, PendingRequest<?> pending) {
    delayed.put(pending, loop.after(delay, () -> requeue(pending)));
  }

  private void requeue(PendingRequest<?> pending) {
    if (delayed.remove(pending) != null) {
      last(pending);
      onReady.run();
    }
  }

  /** Trouble that was not theirs is over. */
  void requeueDelayed() {
    delayed.replaceAll(
        (pending, timer) -> {
          timer.cancel();
          pending.resetBackoff();
          Duration soon = Duration.ofNanos((long) (COMEBACK.toNanos() * random.nextDouble()));
          return loop.after(soon, () -> requeue(pending));
        });
  }

  @Nullable PendingRequest<?> next() {
    return queue.poll();
  }

  /**
   * Whoever was not sent yet makes the best probe, and need not wait until each that was has been
   * one.
   */
  @Nullable PendingRequest<?> nextProbe() {
    PendingRequest<?> newcomer = queue.poll(PendingRequest::isUnsent);
    return newcomer == null ? queue.poll() : newcomer;
  }

  boolean isAnyReady() {
    return queue.size() > 0;
  }

  int callersReady() {
    return queue.callers();
  }

  int size() {
    return queue.size() + delayed.size();
  }

  List<PendingRequest<?>> removeAll() {
    delayed.values().forEach(EventLoop.Timer::cancel);
    List<PendingRequest<?>> all = new ArrayList<>(delayed.keySet());
    delayed.clear();
    all.addAll(queue.removeAll());
    return all;
  }
}
