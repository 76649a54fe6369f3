package io.offboarder.webex;

/**
 * Where the API's windows of a second begin, if it has windows: counted back from a 429 by the
 * quota. Confined to the gate's thread.
 */
final class QuotaWindows {
  /** Where in a second they begin; NaN where not known. */
  private double phase = Double.NaN;

  private int agreed;

  /**
   * What a 429 told.
   *
   * @param began the beginning of the window that it ended, where it agrees with what the last one
   *     told; NaN otherwise
   * @param first whether nothing was known before
   * @param changed whether it agrees and the last did not, or the other way round
   */
  record Finding(double began, boolean first, boolean changed) {}

  /**
   * Counts back from a 429.
   *
   * @param at when the 429 came
   * @param began when the first of a window's requests was sent, by the quota
   * @param hold seconds for which nothing may be sent
   * @param rate requests per second that stand
   */
  Finding find(double at, double began, double hold, double rate) {
    boolean unknown = Double.isNaN(phase);
    boolean agreedBefore = agreed > 0;
    double found = hold < 1.5 && at - began <= 1.1 ? floorMod(began) : Double.NaN;
    double off = Math.abs(floorMod(found - phase + 0.5) - 0.5);
    boolean agrees = off < Math.max(0.08, 2 / rate); // Two requests either way.
    agreed = agrees ? agreed + 1 : 0;
    phase = found;
    return new Finding(
        agrees ? began : Double.NaN, unknown && !Double.isNaN(found), agrees != agreedBefore);
  }

  boolean isKnown() {
    return !Double.isNaN(phase);
  }

  /** Seconds since the window at an instant began. */
  double into(double at) {
    return floorMod(at - phase);
  }

  /** How many findings in a row agreed with the one before. */
  int agreed() {
    return agreed;
  }

  void forget() {
    phase = Double.NaN;
    agreed = 0;
  }

  private static double floorMod(double seconds) {
    return seconds - Math.floor(seconds);
  }
}
