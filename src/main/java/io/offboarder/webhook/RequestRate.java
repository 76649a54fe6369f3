package io.offboarder.webhook;

import java.util.function.LongSupplier;

/** Lets so many through in a second, of which all may come at once. Confined to one thread. */
final class RequestRate {
  private static final double NANOS = 1e9;

  private final int perSecond;
  private final LongSupplier nanoTime;
  private double allowed;
  private long last;

  RequestRate(int perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    this.allowed = perSecond;
    this.last = nanoTime.getAsLong();
  }

  /** Whether one more may go through now; counts it if so. */
  boolean allows() {
    long now = nanoTime.getAsLong();
    allowed = Math.min(perSecond, allowed + (now - last) / NANOS * perSecond);
    last = now;
    if (allowed < 1) {
      return false;
    }
    allowed--;
    return true;
  }
}
