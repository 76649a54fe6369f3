package io.offboarder.webex.loop;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The one thread that the client of the API runs on, and its time. In production a Vert.x event
 * loop; in tests virtual.
 */
public interface EventLoop {

  /** Monotonic nanoseconds. */
  long nanos();

  /** The time of day: for people, and for dates that the API names. */
  Instant now();

  /** Runs an action on this thread after a delay. */
  Timer after(Duration delay, Runnable action);

  /** Runs an action on this thread, after all that has come in together with what runs now. */
  void soon(Runnable action);

  /** Ends a delay before its action ran. */
  interface Timer {
    /** Does nothing once the action has run. */
    void cancel();
  }

  /** The event loop that this context belongs to, with this time of day. */
  static EventLoop of(Vertx vertx, Context context, Clock clock) {
    return new EventLoop() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public Instant now() {
        return clock.instant();
      }

      @Override
      public void soon(Runnable action) {
        context.runOnContext(v -> action.run());
      }

      @Override
      public Timer after(Duration delay, Runnable action) {
        // Rounded up: a timer that fires early would only be set again.
        long millis = Math.max(1, (delay.toNanos() + 999_999) / 1_000_000);
        long id = vertx.setTimer(millis, timer -> context.runOnContext(v -> action.run()));
        return () -> vertx.cancelTimer(id);
      }
    };
  }
}
