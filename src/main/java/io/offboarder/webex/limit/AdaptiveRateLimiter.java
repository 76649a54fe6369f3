package io.offboarder.webex.limit;

/**
 * Learns how many requests per second the API takes, from nothing but which were accepted and which
 * were answered 429.
 *
 * <p><b>The problem.</b> No number is published, and the limit may change. Only a 429 tells that it
 * has been reached, and a 429 costs more than one request: its {@code Retry-After} is at least a
 * whole second during which nobody may send. Asking every 13 seconds for more would cost a
 * thirteenth of the quota; asking once a minute would notice a doubled one too late.
 *
 * <p><b>The idea.</b> A limiter that counts by the second takes a whole second's requests at once
 * and then none until the second is over. Whoever sends them at once anyway loses nothing to a
 * second's hold: a question at the end of such a <i>burst</i> costs only the burst's length. So:
 *
 * <ul>
 *   <li><i>Ramp</i>: evenly, doubling every 300 ms until the first 429.
 *   <li><i>Burst</i>: so many requests in any second as were accepted in the second before a 429,
 *       as soon as they may go. A 429 measures the quota exactly ({@link #learnFromBurst}).
 *   <li><i>Grow</i>: {@link #GROW_AFTER} seconds after the last 429, one request more at the end of
 *       a burst; where it is accepted two more, then four, up to a sixteenth of the quota each
 *       time. A quota that seems to have grown is asked again at once, because what had gathered in
 *       a bucket, or a burst that lay across two of the API's windows, looks the same.
 *   <li><i>Trial</i>: where a burst bore less than the ramp had, or the ramp was over at once, the
 *       API may be a small bucket that wants its requests evenly. A few seconds of that tell. If
 *       so, <i>spread</i> is how requests go from then on; a question there costs what the bucket
 *       cannot hold of a second, so it is asked every {@link #DEAR_GROW_AFTER} seconds.
 *   <li><i>Recover</i>: far below what was taken not long ago the next question comes after one
 *       second, then two, then four, and doubles at each answer: 429s that had nothing to do with a
 *       quota cost seconds, and a quota that has really shrunk is asked for ever less often.
 * </ul>
 *
 * <p>Growth needs evidence: a rate that was not used up says nothing and changes nothing. What all
 * this reaches, and where it does not reach its aim, is in docs/GUARANTEES.md.
 *
 * <p>Pure: time comes in, in nanoseconds of any monotonic clock. Confined to the gate's thread.
 */
public final class AdaptiveRateLimiter {

  private enum Mode {
    RAMP,
    BURST,
    TRIAL,
    SPREAD
  }

  private static final double FIRST_RATE = 40;

  /** Slower than this a lower quota is left to the holds, which keep it in any case. */
  private static final double LEAST_RATE = 1;

  private static final double RAMP_STEP = 0.3;
  private static final double GROW_AFTER = 13;
  private static final double DEAR_GROW_AFTER = 30;
  private static final double RECOVER_AFTER = 1;

  /** A second without these costs little, and a pace stuck here costs much. */
  private static final double CHEAP_RATE = 10;

  private static final double CHEAP_GROW_AFTER = 5;

  /** Below this share of what was taken not long ago, something else than a quota has struck. */
  private static final double COLLAPSED = 0.75;

  /** A rate over the quota of a one-second window meets its end within two of them. */
  private static final double STOOD = 2.15;

  private static final double STAGE = 1.1;
  private static final double FIRST_STAGE = 1.25;
  private static final double NEXT_STAGE = 1.3;

  /** How much longer than a second the requests of one take, so that a jitter meets no limit. */
  private static final double LEAST_SLACK = 0.006;

  private static final double MOST_SLACK = 0.1;

  private final long origin;
  private final double ceiling;
  private final SendTimestamps sent = new SendTimestamps();
  private final AcceptedRequests accepted = new AcceptedRequests();

  private Mode mode = Mode.RAMP;

  /** Requests that a second takes. */
  private double quota = FIRST_RATE;

  private double slack = LEAST_SLACK;

  /** When the next request is due where they go evenly. */
  private double evenlyAt;

  /** What a second of even requests bore before a burst was tried; NaN once that is settled. */
  private double evenlyBore = Double.NaN;

  /** What a burst bore after a hold; NaN while unknown. */
  private double burstBore = Double.NaN;

  private boolean measuredAgain;

  private double rampUntil = Double.POSITIVE_INFINITY;
  private double growFrom;
  private double recoverAfter = RECOVER_AFTER;
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

  private double stageAt;
  private int sentInStage;

  public AdaptiveRateLimiter(double ceiling, long now) {
    this.ceiling = ceiling;
    this.origin = now;
  }

  /** Requests per second now. */
  public double rate() {
    return Math.min(quota / (mode == Mode.RAMP ? 1 : 1 + slack), ceiling);
  }

  /** The earliest instant of the next request. */
  public long next(long now) {
    double at = seconds(now);
    advance(at);
    double next = accepted.isHeld() ? accepted.holdUntil() : due();
    return next <= at ? now : origin + (long) Math.ceil(next * 1e9);
  }

  private double due() {
    if (mode != Mode.BURST) {
      return evenlyAt;
    }
    int count = (int) Math.min(Math.ceil(Math.min(quota, ceiling) - 1e-6), SendTimestamps.SIZE);
    return sent.last(Math.max(1, count)) + count / rate();
  }

  public void sent(long now) {
    double at = seconds(now);
    double late = at - due();
    // A loop that comes a little late must not cost requests; a pause must not save any up.
    sent.add(late < slack / 2 ? at - Math.max(0, late) : at);
    double gap = 1 / rate();
    evenlyAt = (at - evenlyAt < Math.max(gap, 0.05) ? evenlyAt : at) + gap;
    sentInStage++;
    if (mode == Mode.BURST && due() > at) {
      burstEnds(at);
    }
  }

  private void burstEnds(double at) {
    if (!growing && at >= growFrom && quota < ceiling) {
      growing = true;
      beforeGrowth = quota;
      growingSince = at;
      newestAt = Double.NaN;
      grow(1);
    } else if (growing && Double.isNaN(newestAt)) {
      newestAt = at;
    }
  }

  private void grow(double by) {
    double former = 0.95 * accepted.sustained();
    step = quota < former ? Math.min(quota, former - quota) : by;
    quota += step;
  }

  public void accepted(long sentAt) {
    double at = seconds(sentAt);
    accepted.accepted(at);
    if (growing && quota < ceiling && mode == Mode.BURST && at >= newestAt) {
      newestAt = Double.NaN;
      // Longer than a second there is room, so there is much.
      grow(Math.min(2 * step, Math.max(1, quota / (at - growingSince > 1 ? 4 : 16))));
    }
  }

  /** An answer 429. The first of a hold counts; those already under way then do not. */
  public void throttled(long sentAt, long now, long until) {
    advance(seconds(now));
    accepted.throttled(seconds(sentAt), seconds(until));
  }

  private double seconds(long nanos) {
    return (nanos - origin) / 1e9;
  }

  private void advance(double at) {
    accepted.at(at);
    if (accepted.isHeld()) {
      if (at < accepted.holdUntil()) {
        return;
      }
      record(at);
    }
    switch (mode) {
      case RAMP -> ramp(at);
      case TRIAL -> {
        if (at >= growFrom) {
          ramp(at, Double.POSITIVE_INFINITY); // It stood, so this is no window.
        }
      }
      case SPREAD -> spread(at);
      case BURST -> {}
    }
  }

  private void ramp(double at, double until) {
    mode = Mode.RAMP;
    rampUntil = until;
    stage(at, quota);
  }

  private void ramp(double at) {
    if (at - stageAt < RAMP_STEP) {
      return;
    }
    boolean more = isUsedUp(at) && quota < ceiling;
    stage(at, more ? Math.min(2 * quota, rampUntil) : quota);
    if (quota >= rampUntil) {
      mode = Mode.SPREAD;
      growFrom = at + GROW_AFTER;
    }
  }

  private void spread(double at) {
    if (!growing) {
      if (at < growFrom) {
        return;
      }
      if (isCollapsed()) {
        ramp(at, 0.95 * accepted.sustained());
      } else if (isUsedUp(at) && quota < ceiling) {
        growing = true;
        beforeGrowth = quota;
        stage(at, FIRST_STAGE * quota);
      } else {
        stage(at, quota);
        growFrom = at + 1;
      }
    } else if (at - stageAt >= STAGE + burstBore / ((FIRST_STAGE - 1) * beforeGrowth)) {
      if (isUsedUp(at)) {
        beforeGrowth = quota;
        stage(at, NEXT_STAGE * quota);
      } else {
        growing = false;
        growFrom = at + GROW_AFTER;
        stage(at, beforeGrowth);
      }
    }
  }

  private boolean isCollapsed() {
    return quota < COLLAPSED * Math.min(accepted.sustained(), ceiling);
  }

  private boolean isUsedUp(double at) {
    return sentInStage >= 0.85 * rate() * (at - stageAt) - 1;
  }

  private void stage(double at, double newQuota) {
    quota = Math.max(LEAST_RATE, newQuota);
    stageAt = at;
    sentInStage = 0;
    accepted.stage(at);
    evenlyAt = Math.min(evenlyAt, at + 1 / rate());
  }

  /** What a 429 has taught, once the hold is over and all earlier answers are in. */
  private void record(double at) {
    double took = accepted.inSecondBefore429();
    boolean askSoon =
        switch (mode) {
          case RAMP -> learnFromRamp(took);
          case BURST -> learnFromBurst(took);
          case TRIAL -> learnFromTrial();
          case SPREAD -> learnFromSpread(took);
        };
    growing = false;
    accepted.resume(at);
    stage(at, quota);
    evenlyAt = at;
    growFrom = at + (askSoon ? 0 : growAfter());
  }

  private double growAfter() {
    if (mode == Mode.TRIAL) {
      return STOOD;
    }
    if (isCollapsed()) {
      double after = recoverAfter;
      recoverAfter = Math.min(GROW_AFTER, 2 * recoverAfter);
      return after;
    }
    recoverAfter = RECOVER_AFTER;
    if (quota < CHEAP_RATE) {
      return CHEAP_GROW_AFTER;
    }
    return mode == Mode.SPREAD && burstBore < 0.8 * quota ? DEAR_GROW_AFTER : GROW_AFTER;
  }

  private boolean learnFromRamp(double took) {
    boolean atOnce = quota <= FIRST_RATE;
    quota = took;
    if (Double.isNaN(burstBore) && atOnce) {
      // Over before it told a second's requests from what a bucket had held.
      burstBore = took;
      quota = Math.max(took + 1, FIRST_STAGE * took);
      mode = Mode.TRIAL;
      return false;
    }
    if (Double.isNaN(burstBore)) {
      evenlyBore = took;
      mode = Mode.BURST;
      return false;
    }
    boolean tried = Double.isInfinite(rampUntil);
    if (tried && accepted.flowed(burstBore) < 1.1 * burstBore) {
      quota = burstBore; // A bucket, but one that holds a second's.
      mode = Mode.BURST;
      return false;
    }
    mode = Mode.SPREAD;
    return tried;
  }

  /** Returns whether to ask for more at once. */
  private boolean learnFromBurst(double took) {
    double active = accepted.active();
    boolean fromHold = active < 1 + 5 * LEAST_SLACK && !growing;
    burstBore = took;
    double before = growing ? beforeGrowth : quota;
    if (!Double.isNaN(evenlyBore) && fromHold) {
      quota = Math.min(quota, took);
      if (active > 0.25 && !measuredAgain) {
        measuredAgain = true; // It may have reached into a second window; the next begins early.
        return false;
      }
      if (quota < 0.9 * evenlyBore) {
        burstBore = quota;
        boolean far = quota < 0.45 * evenlyBore;
        quota = far ? evenlyBore : Math.min(evenlyBore, FIRST_STAGE * quota);
        mode = Mode.TRIAL;
      }
      evenlyBore = Double.NaN;
      return false;
    }
    evenlyBore = Double.NaN;
    if (growing) {
      return learnFromGrowth(took);
    }
    doubted = Double.NaN;
    if (fromHold) {
      quota = Math.min(before, took);
    } else if (active > 5 && took >= 0.97 * before) {
      slack = Math.min(MOST_SLACK, 2 * slack); // It stood for long: a jitter.
    } else {
      // A bucket's: what was accepted is what flowed in, in the hold too.
      double flowed = accepted.sinceResumed() / (active + 1);
      quota = Math.min(0.98 * before, Math.max(flowed, before / 2));
      guessed = quota < 0.85 * took;
      return guessed;
    }
    return false;
  }

  private boolean learnFromGrowth(double took) {
    slack = Math.max(LEAST_SLACK, slack / 2);
    if (guessed || beforeGrowth < COLLAPSED * accepted.sustained() || beforeGrowth < CHEAP_RATE) {
      quota = Math.max(beforeGrowth, took); // Too much would cost little, too little costs more.
      guessed = false;
      return false;
    }
    boolean more = took > 1.03 * beforeGrowth;
    boolean first = Double.isNaN(doubted);
    double least = Math.min(took, doubted);
    boolean agrees = least > 1.5 * beforeGrowth || Math.abs(took - doubted) < 0.03 * least;
    quota = more && !first && agrees ? least : beforeGrowth;
    doubted = more && first ? took : Double.NaN;
    return more && first;
  }

  private boolean learnFromTrial() {
    double flowed = accepted.active() > STOOD ? accepted.flowed(burstBore) : burstBore;
    quota = Math.min(burstBore, flowed);
    mode = Mode.BURST;
    return false;
  }

  private boolean learnFromSpread(double took) {
    if (took < COLLAPSED * (growing ? beforeGrowth : quota)) {
      quota = took;
    } else if (growing) {
      // Where the bucket was full, exactly what it held and what flowed in was accepted.
      double flowed = accepted.stageLasted() > 1 ? accepted.flowedInStage(burstBore) : 0;
      quota = Math.max(beforeGrowth, Math.min(flowed, 0.97 * quota));
    } else {
      double flowed = accepted.active() > STOOD ? accepted.flowed(burstBore) : 0.95 * quota;
      quota = Math.max(COLLAPSED * quota, Math.min(0.99 * quota, 0.995 * flowed));
    }
    return false;
  }
}
