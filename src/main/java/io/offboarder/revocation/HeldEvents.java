package io.offboarder.revocation;

import io.offboarder.webex.gate.Cancellation;
import io.offboarder.webex.gate.RequestCancelledException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

/**
 * Events that wait because the API answers their address with a person whom it named for another
 * address before. Now and then one of them looks again; once the API names somebody else for one,
 * all do. Confined to the flow's event loop, but for {@link #count}.
 */
final class HeldEvents {
  /** Twelve requests a minute, however many events wait. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  /** How soon an event is handed back that is no longer wanted. */
  private static final Duration TICK = Duration.ofMillis(500);

  private static final int TICKS_BETWEEN_LOOKS = (int) BETWEEN_LOOKS.dividedBy(TICK);

  private record Waiting(Cancellation cancellation, Promise<Void> look) {}

  private final Function<Duration, Future<?>> timer;

  /** Those that wait, and those that look. */
  private final Set<Object> held = new HashSet<>();

  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private volatile int count;
  private boolean ticking;
  private int ticks;

  /**
   * No events.
   *
   * @param timer completes when this long has passed
   */
  HeldEvents(Function<Duration, Future<?>> timer) {
    this.timer = timer;
  }

  /** How many events are held. From any thread. */
  int count() {
    return count;
  }

  /**
   * Holds an event until it may look again; fails with a {@link RequestCancelledException} once it
   * is no longer wanted.
   */
  Future<Void> hold(Object event, Cancellation cancellation) {
    held.add(event);
    count = held.size();
    Promise<Void> look = Promise.promise();
    waiting.add(new Waiting(cancellation, look));
    tickLater();
    return look.future();
  }

  /** An event is held no longer; if it was, the others may look again. */
  void letGo(Object event) {
    if (held.remove(event)) {
      count = held.size();
      for (Waiting one = waiting.poll(); one != null; one = waiting.poll()) {
        one.look().complete();
      }
    }
  }

  private void tickLater() {
    if (!ticking && !waiting.isEmpty()) {
      ticking = true;
      timer.apply(TICK).onComplete(passed -> tick());
    }
  }

  private void tick() {
    ticking = false;
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting one = all.next();
      if (one.cancellation().isCancelled()) {
        all.remove();
        one.look().fail(new RequestCancelledException());
      }
    }
    ticks = (ticks + 1) % TICKS_BETWEEN_LOOKS;
    Waiting first = ticks == 0 ? waiting.poll() : null;
    if (first != null) {
      first.look().complete();
    }
    tickLater();
  }
}
