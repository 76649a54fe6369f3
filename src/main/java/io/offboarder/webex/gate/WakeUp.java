package io.offboarder.webex.gate;

import io.offboarder.webex.loop.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When the gate next looks at the requests that wait. Confined to the gate's thread. */
final class WakeUp {

  private static final Logger LOG = LoggerFactory.getLogger(WakeUp.class);
  private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final Runnable look;
  private boolean scheduled;
  private boolean stopped;
  private EventLoop.@Nullable Timer timer;
  private long timerAt;

  WakeUp(EventLoop loop, Runnable look) {
    this.loop = loop;
    this.look = look;
  }

  /** Monotonic nanoseconds of the loop. */
  long now() {
    return loop.nanos();
  }

  /**
   * Looks once this turn of the event loop is over, so that all requests which its answers make
   * possible leave in one batch. Sent one by one, each of them would wake a near API's side by
   * itself and cost this loop its caches.
   */
  void soon() {
    if (!scheduled) {
      scheduled = true;
      loop.soon(this::run);
    }
  }

  /** Looks at an instant, and not at the one that was asked for before. */
  void at(long instant) {
    if (timer != null && timerAt == instant) {
      return;
    }
    cancelTimer();
    timerAt = instant;
    Duration delay = Duration.ofNanos(Math.max(0, instant - loop.nanos()));
    timer =
        loop.after(
            delay,
            () -> {
              timer = null;
              soon();
            });
  }

  /** Looks at an instant, or earlier where that is planned already. */
  void noLaterThan(long instant) {
    if (timer == null || timerAt - instant > 0) {
      at(instant);
    }
  }

  void stop() {
    stopped = true;
    cancelTimer();
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void run() {
    scheduled = false;
    if (stopped) {
      return;
    }
    try {
      look.run();
    } catch (RuntimeException e) {
      // Without another look, everything that waits would wait for ever.
      LOG.error("a fault of Offboarder at the request gate; it goes on in a second", e);
      at(loop.nanos() + AFTER_A_FAULT.toNanos());
    }
  }
}
