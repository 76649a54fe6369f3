package io.offboarder.revocation;

import io.offboarder.webex.gate.Cancellation;
import io.offboarder.webex.gate.RequestCancelledException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Events that wait for their turn, in the order in which they came. One that is no longer wanted is
 * handed back at the next tick. Confined to the flow's event loop, but for {@link #count}.
 *
 * @param <W> what an event waits for
 */
final class WaitingEvents<W> {
  /** How soon an event is handed back that is no longer wanted. */
  static final Duration TICK = Duration.ofMillis(100);

  private record Waiting<W>(W wish, Cancellation cancellation, Promise<Void> turn) {}

  private final Executor loop;
  private final Function<Duration, Future<?>> timer;
  private final Runnable atEachTick;
  private final Queue<Waiting<W>> queue = new ArrayDeque<>();
  private volatile int count;
  private boolean ticking;

  /**
   * No events.
   *
   * @param loop the flow's event loop, on which an event goes on; never within a call of this
   * @param timer completes on that loop when this long has passed
   * @param atEachTick while events wait
   */
  WaitingEvents(Executor loop, Function<Duration, Future<?>> timer, Runnable atEachTick) {
    this.loop = loop;
    this.timer = timer;
    this.atEachTick = atEachTick;
  }

  /** How many events wait. From any thread. */
  int count() {
    return count;
  }

  /**
   * Completes when it is the event's turn; fails with a {@link RequestCancelledException} once the
   * event is no longer wanted.
   */
  Future<Void> add(W wish, Cancellation cancellation) {
    Promise<Void> turn = Promise.promise();
    queue.add(new Waiting<>(wish, cancellation, turn));
    count = queue.size();
    tickLater();
    return turn.future();
  }

  /** It is the turn of all whose wish is granted; each is asked for, in order. */
  void grant(Predicate<W> granted) {
    for (Iterator<Waiting<W>> all = queue.iterator(); all.hasNext(); ) {
      Waiting<W> one = all.next();
      if (granted.test(one.wish())) {
        all.remove();
        loop.execute(one.turn()::complete);
      }
    }
    count = queue.size();
  }

  /** It is the turn of the first, if there is one. */
  void grantFirst() {
    Waiting<W> first = queue.poll();
    if (first != null) {
      loop.execute(first.turn()::complete);
    }
    count = queue.size();
  }

  private void tickLater() {
    if (!ticking && !queue.isEmpty()) {
      ticking = true;
      timer.apply(TICK).onComplete(passed -> tick());
    }
  }

  private void tick() {
    ticking = false;
    for (Iterator<Waiting<W>> all = queue.iterator(); all.hasNext(); ) {
      Waiting<W> one = all.next();
      if (one.cancellation().isCancelled()) {
        all.remove();
        loop.execute(() -> one.turn().fail(new RequestCancelledException()));
      }
    }
    count = queue.size();
    if (!queue.isEmpty()) {
      atEachTick.run();
      tickLater();
    }
  }
}
