package io.offboarder.webex;

import java.util.OptionalDouble;

/** How soon after one request the next may go. */
final class Pace {

  private final double ceiling;
  private long next;
  private boolean started;

  Pace(OptionalDouble ceiling) {
    this.ceiling = ceiling.orElse(Double.POSITIVE_INFINITY);
  }

  long next(long now) {
    return started ? next : now;
  }

  void sent(long now) {
    if (Double.isInfinite(ceiling)) {
      return;
    }
    long gap = (long) (1e9 / ceiling);
    next = (started && now - next < gap ? next : now) + gap;
    started = true;
  }

  double rate() {
    return ceiling;
  }
}
