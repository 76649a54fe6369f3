package io.offboarder.webex.limit;

/**
 * One way to send requests and to learn from a 429. Times are seconds of the limiter's clock.
 * Confined to the gate's thread.
 */
sealed interface RateMode permits Ramp, Burst, Trial, Spread {

  /**
   * What a 429 has taught.
   *
   * @param next the mode from now on
   * @param askSoon whether to ask for more at once
   */
  record Lesson(RateMode next, boolean askSoon) {}

  /** By what share a second's requests are stretched beyond a second. */
  default double slack() {
    return Pace.LEAST_SLACK;
  }

  /** How many seconds late a request may go and still count as sent when it was due. */
  default double tolerance() {
    return slack() / 2;
  }

  /** When the next request is due, if no hold is on. */
  double due();

  /** A request was sent at this time, and the pace knows it. */
  default void sent(double at) {}

  /** A request that was sent at this time was accepted. */
  default void accepted(double sentAt) {}

  /** Time has passed and no hold is on. Returns the mode from now on. */
  RateMode at(double now);

  /** A hold is over, and all answers to earlier requests are in. */
  Lesson throttled();

  /** Sending goes on in this mode after a hold. */
  void resume(double at, boolean askSoon);
}
