package io.offboarder.webex.gate;

import io.offboarder.webex.loop.EventLoop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where requests are that are not in flight: in the queue, or waiting out a back-off first. A
 * request that is over, or waits already, is not taken in. Confined to the gate's thread.
 */
final class RequestQueue {

  /** After trouble, requests that wait out a back-off return within this time, not all at once. */
  private static final Duration RETURN_WITHIN = Duration.ofSeconds(1);

  private final FairQueue<PendingRequest<?>> queue = new FairQueue<>();
  private final Map<PendingRequest<?>, EventLoop.Timer> delayed = new LinkedHashMap<>();
  private final EventLoop loop;
  private final RandomGenerator random;
  private final WakeUp wakeUp;

  RequestQueue(EventLoop loop, RandomGenerator random, WakeUp wakeUp) {
    this.loop = loop;
    this.random = random;
    this.wakeUp = wakeUp;
  }

  /** Puts a request before the others of its caller. */
  void first(PendingRequest<?> pending) {
    if (pending.beginsToWait()) {
      queue.addFirst(pending.caller, pending);
    }
  }

  /** Puts a request behind the others of its caller. */
  void last(PendingRequest<?> pending) {
    if (pending.beginsToWait()) {
      queue.addLast(pending.caller, pending);
    }
  }

  /** Puts a request behind the others of its caller after a delay. */
  void after(Duration delay, PendingRequest<?> pending) {
    if (pending.beginsToWait()) {
      delayed.put(pending, loop.after(delay, () -> requeue(pending)));
    }
  }

  /** The same after a random delay up to a bound, which is charged to the request. */
  void afterUpTo(Duration bound, PendingRequest<?> pending) {
    Duration delay = Duration.ofNanos((long) (bound.toNanos() * random.nextDouble()));
    pending.backsOff(delay);
    after(delay, pending);
  }

  private void requeue(PendingRequest<?> pending) {
    if (delayed.remove(pending) != null) {
      queue.addLast(pending.caller, pending);
      wakeUp.soon();
    }
  }

  /** What made requests fail is over, so they need not wait out their back-offs. */
  void requeueDelayed() {
    delayed.replaceAll(
        (pending, timer) -> {
          timer.cancel();
          pending.resetBackoff();
          Duration soon = Duration.ofNanos((long) (RETURN_WITHIN.toNanos() * random.nextDouble()));
          return loop.after(soon, () -> requeue(pending));
        });
  }

  /** The next in turn; null where none is ready. */
  @Nullable PendingRequest<?> next() {
    return sending(queue.poll());
  }

  /** The next in turn of those that a condition holds for, or of all where it holds for none. */
  @Nullable PendingRequest<?> next(Predicate<PendingRequest<?>> preferred) {
    PendingRequest<?> next = queue.poll(preferred);
    return sending(next == null ? queue.poll() : next);
  }

  /**
   * The newest of those that a condition holds for, or the next in turn of all. Those that have
   * waited longest may be what fails.
   */
  @Nullable PendingRequest<?> nextProbe(Predicate<PendingRequest<?>> preferred) {
    PendingRequest<?> newest = queue.pollNewest(preferred);
    return sending(newest == null ? queue.poll() : newest);
  }

  private static @Nullable PendingRequest<?> sending(@Nullable PendingRequest<?> pending) {
    if (pending != null) {
      pending.endsToWait();
    }
    return pending;
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

  /** Takes out every request that a condition holds for. */
  List<PendingRequest<?>> removeIf(Predicate<PendingRequest<?>> condition) {
    List<PendingRequest<?>> removed = queue.removeIf(condition);
    delayed
        .entrySet()
        .removeIf(
            entry -> {
              boolean out = condition.test(entry.getKey()) && removed.add(entry.getKey());
              if (out) {
                entry.getValue().cancel();
              }
              return out;
            });
    removed.forEach(PendingRequest::endsToWait);
    return removed;
  }
}
