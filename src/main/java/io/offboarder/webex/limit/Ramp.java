package io.offboarder.webex.limit;

/**
 * Requests go evenly, and the rate doubles as long as it is used up: until the first 429, or up to
 * what was taken not long ago. A rate has shown itself once so many of its requests were accepted,
 * and after {@value #STEP} s at the latest: an API that takes thousands a second is not kept
 * waiting for seconds at each start.
 */
final class Ramp implements RateMode {

  /** Seconds between doublings: answers of usual latency are in, and little time is lost. */
  private static final double STEP = 0.3;

  /** Rates up to 500 a second have a whole step: a quota that small is met with few requests. */
  private static final int ENOUGH = 150;

  /** What a used-up rate is multiplied by; an unknown quota is reached in few steps. */
  private static final double FACTOR = 2;

  /** A bucket that takes less than so many times a second's burst is asked in bursts. */
  private static final double HOLDS_A_SECOND = 1.1;

  private final Pace pace;
  private final double until;
  private final double burstBore;

  private Ramp(Pace pace, double until, double burstBore) {
    this.pace = pace;
    this.until = until;
    this.burstBore = burstBore;
  }

  /** The first of all modes. */
  static Ramp first(Pace pace) {
    return new Ramp(pace, Double.POSITIVE_INFINITY, Double.NaN);
  }

  /** From a quota that stood, until a 429. */
  static Ramp afterTrial(Pace pace, double at, double burstBore) {
    return begin(pace, at, Double.POSITIVE_INFINITY, burstBore);
  }

  /** Back to what was taken not long ago. */
  static Ramp afterCollapse(Pace pace, double at, double burstBore) {
    return begin(pace, at, pace.former(), burstBore);
  }

  private static Ramp begin(Pace pace, double at, double until, double burstBore) {
    Ramp ramp = new Ramp(pace, until, burstBore);
    pace.stage(at, pace.quota(), ramp.slack());
    return ramp;
  }

  /** None: a ramp is meant to reach the limit. */
  @Override
  public double slack() {
    return 0;
  }

  @Override
  public double tolerance() {
    return Pace.LEAST_SLACK / 2;
  }

  @Override
  public double due() {
    return pace.evenlyAt();
  }

  @Override
  public RateMode at(double now) {
    if (pace.stageLasts(now) < STEP && pace.evidence().acceptedInStage() < ENOUGH) {
      return this;
    }
    boolean more = pace.isUsedUp(now, slack()) && pace.mayGrow();
    pace.stage(now, more ? Math.min(FACTOR * pace.quota(), until) : pace.quota(), slack());
    return pace.quota() >= until ? new Spread(pace, burstBore, now + Pace.GROW_AFTER) : this;
  }

  @Override
  public Lesson throttled() {
    double took = pace.evidence().inSecondBefore429();
    if (Double.isNaN(burstBore)) {
      return first429(took);
    }
    boolean tried = Double.isInfinite(until);
    if (tried && pace.evidence().flowed(burstBore) < HOLDS_A_SECOND * burstBore) {
      pace.believe(burstBore); // A bucket, but one that holds a second's.
      return new Lesson(new Burst(pace), false);
    }
    pace.believe(took);
    return new Lesson(new Spread(pace, burstBore), tried);
  }

  private Lesson first429(double took) {
    boolean atOnce = pace.quota() <= Pace.FIRST_RATE;
    if (atOnce) {
      // Over before it told a second's requests from what a bucket had held.
      pace.believe(Math.max(took + 1, Pace.FIRST_STAGE * took));
      return new Lesson(new Trial(pace, took), false);
    }
    pace.believe(took);
    return new Lesson(Burst.after(pace, took), false);
  }

  /** Never called: every 429 ends a ramp. */
  @Override
  public void resume(double at, boolean askSoon) {
    throw new IllegalStateException("a ramp does not go on after a hold");
  }
}
