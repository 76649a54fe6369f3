package io.offboarder.webex;

/**
 * What probes cost, and so how long to wait for the next. From probe to probe the requests that
 * were accepted are held against those that the rate allowed: what is missing is the price.
 * Confined to the gate's thread.
 */
final class ProbePrice {
  /** Seconds between probes. */
  static final double PROBE_AFTER = 13;

  private static final double DEAR_PROBE_AFTER = 40;

  /** A probe that cost more seconds of quota than this is dear. */
  private static final double DEAR = 0.95;

  /** A second without these costs little, and a pace stuck here costs much. */
  private static final double CHEAP_RATE = 10;

  private static final double CHEAP_PROBE_AFTER = 6;

  private boolean dear;
  private double at = Double.NaN;
  private double rate;
  private long accepted;

  /** A probe begins; returns the seconds until the next. */
  double probed(double now, double rateNow, long acceptedInAll) {
    double after = Double.NaN;
    if (!Double.isNaN(at)) {
      double cycle = now - at;
      double lost = cycle - (acceptedInAll - accepted) / rateNow;
      if (Math.abs(rateNow / rate - 1) > 0.1) {
        dear = false;
      } else if (cycle > 0.7 * PROBE_AFTER && cycle < 1.6 * PROBE_AFTER) {
        dear = lost > DEAR;
      }
      after = dear && rateNow >= CHEAP_RATE ? DEAR_PROBE_AFTER : usually(rateNow);
    }
    at = now;
    rate = rateNow;
    accepted = acceptedInAll;
    return after;
  }

  /** Seconds until the next probe at this rate where nothing is known to be dear. */
  static double usually(double rate) {
    return rate < CHEAP_RATE ? CHEAP_PROBE_AFTER : PROBE_AFTER;
  }

  /** What was learned of the price holds no longer. */
  void forget() {
    dear = false;
  }
}
