package io.offboarder.webex.limit;

/**
 * Requests go evenly for good, because the API is a bucket that holds less than a second's. A
 * question is a stage of a larger rate, and costs what the bucket cannot hold of a second.
 */
final class Spread implements RateMode {

  /** Seconds between questions where a bucket is small and each costs most of a second. */
  private static final double DEAR_GROW_AFTER = 30;

  /** A bucket below this share of a second's requests makes a question dear. */
  private static final double DEAR = 0.8;

  /** The seconds of a stage on top of those that fill up the bucket; the answers must be in. */
  private static final double STAGE = 1.1;

  /** Each further stage is larger by this factor; there was room, so there may be much. */
  private static final double NEXT_STAGE = 1.3;

  /** Seconds until the next look at a rate that was not used up, which teaches nothing. */
  private static final double LOOK_AGAIN = 1;

  /** A stage shorter than so many seconds tells too little of what flowed in. */
  private static final double LEAST_STAGE = 1;

  /** The stage that was refused was too much, so the quota lies below this share of it. */
  private static final double BELOW_REFUSED = 0.97;

  /** A 429 soon after a hold measures nothing, so the rate falls to this share. */
  private static final double UNMEASURED = 0.95;

  /** A rate that met a 429 was too much, if only just: it falls to this share at least. */
  private static final double A_LITTLE_LESS = 0.99;

  /** What flowed in is used up but for this share, so that the bucket does not run empty. */
  private static final double OF_FLOW = 0.995;

  private final Pace pace;
  private final double burstBore;
  private double growFrom;
  private boolean growing;
  private double beforeGrowth;

  /** Begins with a hold's end. */
  Spread(Pace pace, double burstBore) {
    this(pace, burstBore, Double.POSITIVE_INFINITY);
  }

  Spread(Pace pace, double burstBore, double growFrom) {
    this.pace = pace;
    this.burstBore = burstBore;
    this.growFrom = growFrom;
  }

  @Override
  public double due() {
    return pace.evenlyAt();
  }

  @Override
  public RateMode at(double now) {
    if (growing) {
      grow(now);
      return this;
    }
    if (now < growFrom) {
      return this;
    }
    if (pace.isCollapsed()) {
      return Ramp.afterCollapse(pace, now, burstBore);
    }
    if (pace.isUsedUp(now, slack()) && pace.mayGrow()) {
      growing = true;
      larger(now, Pace.FIRST_STAGE);
    } else {
      pace.stage(now, pace.quota(), slack());
      growFrom = now + LOOK_AGAIN;
    }
    return this;
  }

  private void grow(double now) {
    double toFill = burstBore / ((Pace.FIRST_STAGE - 1) * beforeGrowth);
    if (pace.stageLasts(now) < STAGE + toFill) {
      return;
    }
    if (pace.isUsedUp(now, slack())) {
      larger(now, NEXT_STAGE);
    } else {
      growing = false;
      growFrom = now + Pace.GROW_AFTER;
      pace.stage(now, beforeGrowth, slack());
    }
  }

  private void larger(double now, double factor) {
    beforeGrowth = pace.quota();
    pace.stage(now, factor * beforeGrowth, slack());
  }

  @Override
  public Lesson throttled() {
    pace.believe(learned(pace.quota(), pace.evidence()));
    return new Lesson(this, false);
  }

  private double learned(double quota, AcceptedRequests evidence) {
    double took = evidence.inSecondBefore429();
    if (took < Pace.COLLAPSED * (growing ? beforeGrowth : quota)) {
      return took;
    }
    if (growing) {
      // Where the bucket was full, exactly what it held and what flowed in was accepted.
      double flowed = evidence.stageLasted() > LEAST_STAGE ? evidence.flowedInStage(burstBore) : 0;
      return Math.max(beforeGrowth, Math.min(flowed, BELOW_REFUSED * quota));
    }
    double flowed =
        evidence.active() > Pace.STOOD ? evidence.flowed(burstBore) : UNMEASURED * quota;
    return Math.max(Pace.COLLAPSED * quota, Math.min(A_LITTLE_LESS * quota, OF_FLOW * flowed));
  }

  @Override
  public void resume(double at, boolean askSoon) {
    growing = false;
    boolean dear = burstBore < DEAR * pace.quota();
    growFrom = at + (askSoon ? 0 : pace.growAfter(dear ? DEAR_GROW_AFTER : Pace.GROW_AFTER));
  }
}
