package io.offboarder.webex.limit;

/**
 * The rate that the API has been seen to take for some seconds, in requests per second; what was
 * seen counts half after half a minute. Confined to the gate's thread.
 */
final class SustainedRate {
  /** A burst out of a full bucket is over sooner. */
  private static final int SUSTAINED_SECONDS = 3;

  private static final double HALF_LIFE_SECONDS = 30;

  private final long[] accepted = new long[SUSTAINED_SECONDS];
  private int seconds;
  private double rate;

  /** About a second is over, in which so many requests were accepted. */
  void second(long acceptedInSecond, double length) {
    accepted[seconds++ % SUSTAINED_SECONDS] = acceptedInSecond;
    long least = Long.MAX_VALUE;
    for (long one : accepted) {
      least = Math.min(least, one);
    }
    rate = Math.max(rate * Math.pow(0.5, length / HALF_LIFE_SECONDS), least / length);
  }

  double get() {
    return rate;
  }
}
