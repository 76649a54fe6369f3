package io.offboarder.webex.limit;

/**
 * A second's requests go as soon as they may, and then none until the second is over. A question is
 * one request more at a burst's end.
 */
final class Burst implements RateMode {

  /** More than a tenth of the quota is too much to pay for a jitter. */
  private static final double MOST_SLACK = 0.1;

  /** The slack doubles at each jitter and halves at each question; it finds its size soon. */
  private static final double SLACK_FACTOR = 2;

  /** A sum of decimals may lie a trifle above a whole number, and is that number. */
  private static final double ROUNDING = 1e-6;

  /** A 429 belongs to the first burst if it comes within so many seconds after a hold. */
  private static final double FIRST_BURST = 1 + 5 * Pace.LEAST_SLACK;

  /** A first burst longer than so many seconds may have reached into a second window. */
  private static final double LONG_BURST = 0.25;

  /** A burst that bears less than this share of the even rate may be a small bucket's. */
  private static final double BORE_LESS = 0.9;

  /** Below this share of the even rate no window fits, and the even rate is tried as it was. */
  private static final double BORE_FAR_LESS = 0.45;

  /** A quota that held for so many seconds is right, and its 429 a jitter's. */
  private static final double HELD_LONG = 5;

  /** A second short by no more than this was a full one, but for requests at its edge. */
  private static final double FULL_SECOND = 0.97;

  /** A quota that ran a bucket empty was too much, if only just. */
  private static final double A_LITTLE_LESS = 0.98;

  /** One 429 takes no more than this share, because what flowed in is a rough measure. */
  private static final double MOST_LOSS = 0.5;

  /** A reckoned quota below this share of what a second took is perhaps too low. */
  private static final double TOO_LOW = 0.85;

  /** The hold, in seconds, in which a bucket was filled up too. */
  private static final double HOLD = 1;

  /** A second must take more than this before it counts as growth and not as an edge. */
  private static final double GROWN = 1.03;

  /** Twice more than this is growth, even if the two measures are not alike. */
  private static final double FAR_MORE = 1.5;

  /** Two measures closer than this share are alike. */
  private static final double ALIKE = 0.03;

  /** The first question is one request more, which costs nothing if it is refused. */
  private static final double FIRST_STEP = 1;

  /** Each accepted question allows one of twice the size. */
  private static final double STEP_FACTOR = 2;

  /** A step is no larger than this part of the quota, so that a 429 measures well. */
  private static final double USUAL_PART = 16;

  /** The same where there has been room for longer than a second, so there is much. */
  private static final double ROOMY_PART = 4;

  /** Growth that takes longer than this, in seconds, went through more than one window. */
  private static final double A_WINDOW = 1;

  private final Pace pace;

  private double slack = Pace.LEAST_SLACK;

  /** What a second of even requests bore before; NaN once that is settled. */
  private double evenlyBore;

  private boolean measuredAgain;

  private double growFrom;
  private boolean growing;
  private double beforeGrowth;
  private double growingSince;
  private double step;

  /** When the request was sent whose acceptance means that there is more; NaN while none is out. */
  private double newestAt = Double.NaN;

  /** Whether the quota was reckoned, not measured, and perhaps too low. */
  private boolean guessed;

  /** A larger quota that has been seen once; NaN where none. */
  private double doubted = Double.NaN;

  /** Bursts are known to be right. */
  Burst(Pace pace) {
    this(pace, Double.NaN);
  }

  private Burst(Pace pace, double evenlyBore) {
    this.pace = pace;
    this.evenlyBore = evenlyBore;
  }

  /** Bursts have to bear what even requests did. */
  static Burst after(Pace pace, double evenlyBore) {
    return new Burst(pace, evenlyBore);
  }

  @Override
  public double slack() {
    return slack;
  }

  @Override
  public double due() {
    int count = (int) Math.min(Math.ceil(pace.allowed() - ROUNDING), SendTimestamps.SIZE);
    return pace.lastSent(Math.max(1, count)) + count / pace.rate(slack);
  }

  @Override
  public void sent(double at) {
    if (due() <= at) {
      return; // The burst goes on.
    }
    if (!growing && at >= growFrom && pace.mayGrow()) {
      growing = true;
      beforeGrowth = pace.quota();
      growingSince = at;
      newestAt = Double.NaN;
      grow(FIRST_STEP);
    } else if (growing && Double.isNaN(newestAt)) {
      newestAt = at;
    }
  }

  private void grow(double by) {
    double quota = pace.quota();
    double former = pace.former();
    step = quota < former ? Math.min(quota, former - quota) : by;
    pace.believe(quota + step);
  }

  @Override
  public void accepted(double sentAt) {
    if (growing && pace.mayGrow() && sentAt >= newestAt) {
      newestAt = Double.NaN;
      double part = sentAt - growingSince > A_WINDOW ? ROOMY_PART : USUAL_PART;
      grow(Math.min(STEP_FACTOR * step, Math.max(1, pace.quota() / part)));
    }
  }

  @Override
  public RateMode at(double now) {
    return this;
  }

  @Override
  public Lesson throttled() {
    double took = pace.evidence().inSecondBefore429();
    boolean first = pace.evidence().active() < FIRST_BURST && !growing;
    if (!Double.isNaN(evenlyBore) && first) {
      return new Lesson(compareWithEven(took), false);
    }
    evenlyBore = Double.NaN;
    return new Lesson(this, growing ? learnFromGrowth(took) : learnWithoutGrowth(took, first));
  }

  private RateMode compareWithEven(double took) {
    double bore = Math.min(pace.quota(), took);
    pace.believe(bore);
    if (pace.evidence().active() > LONG_BURST && !measuredAgain) {
      measuredAgain = true; // It may have reached into a second window; the next begins early.
      return this;
    }
    if (bore < BORE_LESS * evenlyBore) {
      boolean far = bore < BORE_FAR_LESS * evenlyBore;
      pace.believe(far ? evenlyBore : Math.min(evenlyBore, Pace.FIRST_STAGE * bore));
      return new Trial(pace, bore);
    }
    evenlyBore = Double.NaN;
    return this;
  }

  /** Returns whether to ask for more at once. */
  private boolean learnWithoutGrowth(double took, boolean first) {
    double quota = pace.quota();
    double active = pace.evidence().active();
    doubted = Double.NaN;
    if (first) {
      pace.believe(Math.min(quota, took));
      return false;
    }
    if (active > HELD_LONG && took >= FULL_SECOND * quota) {
      slack = Math.min(MOST_SLACK, SLACK_FACTOR * slack);
      return false;
    }
    // A bucket's: what was accepted is what flowed in, in the hold too.
    double flowed = pace.evidence().sinceResumed() / (active + HOLD);
    double least = MOST_LOSS * quota;
    pace.believe(Math.min(A_LITTLE_LESS * quota, Math.max(flowed, least)));
    guessed = pace.quota() < TOO_LOW * took;
    return guessed;
  }

  /** Returns whether to ask for more at once. */
  private boolean learnFromGrowth(double took) {
    slack = Math.max(Pace.LEAST_SLACK, slack / SLACK_FACTOR);
    boolean collapsed = beforeGrowth < Pace.COLLAPSED * pace.evidence().sustained();
    if (guessed || collapsed || beforeGrowth < Pace.CHEAP_RATE) {
      // Too much would cost little, too little costs more.
      pace.believe(Math.max(beforeGrowth, took));
      guessed = false;
      return false;
    }
    boolean more = took > GROWN * beforeGrowth;
    boolean first = Double.isNaN(doubted);
    double least = Math.min(took, doubted);
    boolean agrees = least > FAR_MORE * beforeGrowth || Math.abs(took - doubted) < ALIKE * least;
    pace.believe(more && !first && agrees ? least : beforeGrowth);
    doubted = more && first ? took : Double.NaN;
    return more && first;
  }

  @Override
  public void resume(double at, boolean askSoon) {
    growing = false;
    growFrom = at + (askSoon ? 0 : pace.growAfter(Pace.GROW_AFTER));
  }
}
