package io.offboarder.webex.limit;

/**
 * What the API has taken: in all since the last hold ended, in the stage that goes on, in the
 * second before a 429, and for some seconds on end. In seconds of any clock. Confined to the gate's
 * thread.
 */
final class AcceptedRequests {

  /** A little less than a second, which may hold the end of the burst before. */
  private static final double A_SECOND = 0.985;

  /** Requests may overtake each other by so much on their way. */
  private static final double REORDERED = 0.01;

  private final SendTimestamps times = new SendTimestamps();
  private final SustainedRate sustained = new SustainedRate();

  private double resumedAt = Double.NEGATIVE_INFINITY;
  private int sinceResumed;
  private double stageAt;
  private int inStage;
  private double secondAt;
  private long inSecond;

  private boolean held;
  private double holdUntil;
  private double throttledAt;

  void accepted(double sentAt) {
    times.add(sentAt);
    sinceResumed++;
    inSecond++;
    inStage += sentAt >= stageAt ? 1 : 0;
  }

  /** An answer 429. The first of a hold counts; those already under way then do not. */
  void throttled(double sentAt, double until) {
    if (held) {
      holdUntil = Math.max(holdUntil, until);
      throttledAt = Math.min(throttledAt, sentAt);
    } else if (sentAt >= resumedAt) {
      held = true;
      holdUntil = until;
      throttledAt = sentAt;
    }
  }

  void at(double now) {
    if (now - secondAt >= 1) {
      sustained.second(inSecond, now - secondAt);
      inSecond = 0;
      secondAt = now;
    }
  }

  boolean isHeld() {
    return held;
  }

  double holdUntil() {
    return holdUntil;
  }

  /** The hold is over; counting begins at zero. */
  void resume(double now) {
    held = false;
    resumedAt = now;
    sinceResumed = 0;
  }

  void stage(double now) {
    stageAt = now;
    inStage = 0;
  }

  /** Of the requests sent within the second before the one that was answered 429. */
  double inSecondBefore429() {
    return times.between(throttledAt - A_SECOND, throttledAt + REORDERED);
  }

  /** Seconds from the end of the last hold to the request that was answered 429. */
  double active() {
    return throttledAt - resumedAt;
  }

  double sinceResumed() {
    return sinceResumed;
  }

  /** Of the requests sent since the stage began. */
  int acceptedInStage() {
    return inStage;
  }

  /** What flowed into a bucket each second since the last hold, if so much had gathered in it. */
  double flowed(double gathered) {
    return (sinceResumed - gathered) / active();
  }

  /** The same since the stage began. */
  double flowedInStage(double gathered) {
    return (inStage - gathered) / stageLasted();
  }

  /** Seconds from the stage's beginning to the request that was answered 429. */
  double stageLasted() {
    return throttledAt - stageAt;
  }

  /** Requests per second that were taken for seconds on end, not long ago. */
  double sustained() {
    return sustained.get();
  }
}
