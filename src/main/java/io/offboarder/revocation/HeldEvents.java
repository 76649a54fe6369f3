package io.offboarder.revocation;

import io.offboarder.webex.gate.Cancellation;
import io.offboarder.webex.gate.RequestCancelledException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Events that wait because the API answers their address with a person whom it named for another
 * address before. Now and then one of them looks again; once the API names somebody else for one,
 * all do. Confined to the flow's event loop, but for {@link #count}.
 */
final class HeldEvents {
  /** Twelve requests a minute, however many events wait. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  private static final int TICKS_BETWEEN_LOOKS = (int) BETWEEN_LOOKS.dividedBy(WaitingEvents.TICK);

  /** Those that wait, and those that look. */
  private final Set<Object> held = new HashSet<>();

  private final WaitingEvents<Object> waiting;
  private volatile int count;
  private int ticks;

  /**
   * No events.
   *
   * @param loop the flow's event loop
   * @param timer completes on that loop when this long has passed
   */
  HeldEvents(Executor loop, Function<Duration, Future<?>> timer) {
    this.waiting = new WaitingEvents<>(loop, timer, this::tick);
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
    return waiting.add(event, cancellation);
  }

  /** An event is held no longer; if it was, the others may look again. */
  void letGo(Object event) {
    if (held.remove(event)) {
      count = held.size();
      waiting.grant(other -> true);
    }
  }

  private void tick() {
    ticks = (ticks + 1) % TICKS_BETWEEN_LOOKS;
    if (ticks == 0) {
      waiting.grantFirst();
    }
  }
}
