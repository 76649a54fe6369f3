package io.offboarder.webex;

/**
 * Learns how many requests per second the API takes, from nothing but which were accepted and which
 * were answered 429.
 *
 * <p><b>The problem.</b> No number is published, and the limit may change. Additive increase until
 * the next 429 finds it, but a 429 costs more here than one request: its {@code Retry-After} is at
 * least a whole second during which nobody may send. Asking every 10 seconds whether there is more
 * would cost a tenth of the quota; asking once a minute would notice a doubled one too late.
 *
 * <p><b>The mechanism.</b>
 *
 * <ul>
 *   <li><i>Ramp</i>: the rate doubles every 300 ms until the first 429.
 *   <li><i>Measure</i>: after that hold, once, as fast as requests may go: what is accepted until
 *       the next 429 is what had gathered during the hold. Both a window's and a bucket's quota can
 *       be read from that within seconds.
 *   <li><i>Steady</i>: at the highest rate that has stood, closing in by halves on the lowest that
 *       has not. A rate that stood for seconds and then did not has emptied a bucket: between two
 *       429s exactly what flowed into it was accepted.
 *   <li><i>Probe</i>: after {@link ProbePrice#PROBE_AFTER} seconds, 1.3 times the rate for a
 *       second, then more. Where that ends in a 429 at once, the old rate goes on. A probe pays
 *       when the quota has grown; its price is measured, and where it costs the whole second of the
 *       hold probes become rare.
 *   <li><i>Recover</i>: far below what was taken not long ago, the rate doubles back to it as in
 *       the ramp, after one second without a 429, then two, then four: 429s that had nothing to do
 *       with a quota cost seconds, and a quota that has really shrunk is asked for ever less often.
 *   <li><i>Catch up</i>: counting back the quota from a 429 gives the beginning of the API's
 *       window, if it has windows. Where that agrees twice, probes go out as a burst at a window's
 *       beginning, so that the hold ends early in the next one, and the rest of that window makes
 *       up for it: a probe is then nearly free.
 * </ul>
 *
 * <p>Growth needs evidence: a rate that was not used up says nothing and changes nothing.
 *
 * <p><b>What it reaches</b> is in {@code QuotaPaceTest}: against token buckets that hold a second's
 * worth or more and against fixed one-second windows, over 95 % of the quota, under 1 % of requests
 * answered 429, a doubled quota in use within 20 s. A limiter that lets nothing gather (a sliding
 * window, a small bucket) takes a whole second for every question, so no law can both ask every 20
 * s and use 95 %; there it asks every 40 s.
 *
 * <p>Pure: time comes in, in nanoseconds of any monotonic clock. Confined to the gate's thread.
 */
final class QuotaPace {

  private enum Mode {
    RAMP,
    MEASURE,
    STEADY,
    PROBE,
    CATCH_UP
  }

  private static final double FIRST_PROBE_AFTER = 3;
  private static final double SECOND_PROBE_AFTER = 4;

  private static final double FIRST_RATE = 100;

  /** Slower than this a lower quota is left to the holds, which keep it in any case. */
  private static final double LEAST_RATE = 1;

  private static final double RAMP_STEP = 0.3;
  private static final double PROBE_STEP = 1.1;

  /** Below this share of what was taken not long ago, something else than a quota has struck. */
  private static final double COLLAPSED = 0.75;

  private static final double FIRST_RECOVERY_AFTER = 1;

  /** A rate over the quota of a one-second window meets its end within two of them. */
  private static final double STOOD = 2.15;

  private static final double STOOD_AT_MOST = 8;
  private static final double BURST = 2.2;
  private static final double SMALL_BURST = 1.8;
  private static final double PLATEAU = 0.99;
  private static final double SLOW_MEASURE = 0.25;

  private final long origin;
  private final double ceiling;
  private final SentTimes accepted = new SentTimes();

  private Mode mode = Mode.RAMP;
  private double rate = FIRST_RATE;
  private double nextAt;
  private double stageAt;
  private int sentInStage;
  private double lastSecondAt;
  private int sentInSecond;
  private double sentLastSecond = Double.NaN;
  private final ProvenRate proven = new ProvenRate();
  private long acceptedBefore;
  private double recoverAfter = FIRST_RECOVERY_AFTER;
  private double rampUntil = Double.POSITIVE_INFINITY;

  /** The highest rate that stood and the lowest that did not. */
  private double stood;

  private double fell = Double.POSITIVE_INFINITY;
  private double standFor = STOOD;

  /** Requests in a window, where measured; NaN where not. */
  private double quota = Double.NaN;

  private double measureFrom;
  private boolean measuredAgain;

  private double episodeAt = Double.NaN;
  private double resumedAt;
  private double holdUntil;
  private boolean pending;
  private Mode pendingMode = Mode.RAMP;
  private double pendingRate;
  private double pendingAt;
  private int acceptedInEpisode;
  private long acceptedInAll;

  private double probeAfter = FIRST_PROBE_AFTER;
  private double probedAt;
  private int probeStage;
  private boolean atWindow;
  private double base;
  private double probeStood;
  private final ProbePrice price = new ProbePrice();
  private final QuotaWindows windows = new QuotaWindows();
  private double catchUpUntil;

  QuotaPace(double ceiling, long now) {
    this.ceiling = ceiling;
    this.origin = now;
  }

  /** Requests per second now. */
  double rate() {
    return Math.min(rate, ceiling);
  }

  /** The earliest instant of the next request. */
  long next(long now) {
    double at = seconds(now);
    advance(at);
    double next = Math.max(nextAt, pending ? holdUntil : 0);
    return next <= at ? now : origin + (long) Math.ceil(next * 1e9);
  }

  void sent(long now) {
    double at = seconds(now);
    double gap = 1 / rate();
    // A timer that fires a little late must not cost a request; a pause must not save any up.
    nextAt = (at - nextAt < Math.max(gap, 0.01) ? nextAt : at) + gap;
    sentInStage++;
    sentInSecond++;
  }

  void accepted(long sentAt) {
    accepted.add(seconds(sentAt));
    acceptedInEpisode++;
    acceptedInAll++;
  }

  /** An answer 429 or 423. The first of a hold counts; those already under way then do not. */
  void throttled(long sentAt, long now, long until) {
    double end = seconds(until);
    if (pending) {
      holdUntil = Math.max(holdUntil, end);
      return;
    }
    if (!Double.isNaN(episodeAt) && seconds(sentAt) < resumedAt) {
      return;
    }
    double at = seconds(now);
    advance(at);
    pending = true;
    pendingMode = mode;
    pendingRate = isUsedUp(at) ? rate() : Math.min(rate(), Math.max(1, 1.1 * sentLastSecond));
    pendingAt = at;
    holdUntil = end;
  }

  private double seconds(long nanos) {
    return (nanos - origin) / 1e9;
  }

  private void advance(double at) {
    if (at - lastSecondAt >= 1) {
      sentLastSecond = sentInSecond / (at - lastSecondAt);
      sentInSecond = 0;
      proven.second(acceptedInAll - acceptedBefore, at - lastSecondAt);
      acceptedBefore = acceptedInAll;
      lastSecondAt = at;
    }
    if (pending) {
      if (at < holdUntil) {
        return;
      }
      pending = false;
      learn(at);
    }
    switch (mode) {
      case RAMP -> ramp(at);
      case MEASURE -> {
        if (at - stageAt >= 1) {
          begin(Mode.RAMP, at, rate); // A whole second without a 429: there is much more.
        }
      }
      case STEADY -> steady(at);
      case PROBE -> probe(at);
      case CATCH_UP -> {
        if (at >= catchUpUntil) {
          begin(Mode.STEADY, at, base);
        }
      }
    }
  }

  private void ramp(double at) {
    if (at - stageAt < RAMP_STEP) {
      return;
    }
    double wanted = isUsedUp(at) ? rate * 2 : rate;
    if (wanted >= rampUntil) {
      stood = 0;
      fell = Double.POSITIVE_INFINITY;
      probedAt = at;
      begin(Mode.STEADY, at, rampUntil);
    } else {
      begin(Mode.RAMP, at, wanted);
    }
  }

  /** Whether the rate is far below what was taken for seconds, not long ago. */
  private boolean isCollapsed() {
    return rate < COLLAPSED * Math.min(proven.get(), ceiling);
  }

  private void steady(double at) {
    if (!isCollapsed()) {
      recoverAfter = FIRST_RECOVERY_AFTER;
    } else {
      price.forget();
      probeAfter = FIRST_PROBE_AFTER;
      if (at - resumedAt >= recoverAfter) {
        recoverAfter = Math.min(ProbePrice.PROBE_AFTER, 2 * recoverAfter);
        rampUntil = 0.95 * proven.get();
        begin(Mode.RAMP, at, rate);
        return;
      }
    }
    if (at - stageAt >= standFor) {
      boolean used = isUsedUp(at);
      if (used) {
        stood = Math.max(stood, rate);
      }
      boolean open = used && Double.isFinite(fell) && fell / stood > 1.02;
      begin(Mode.STEADY, at, open ? notOver(Math.sqrt(stood * fell)) : rate);
    }
    if (at - probedAt >= probeAfter && sentLastSecond >= 0.85 * rate()) {
      boolean known = windows.isKnown();
      if (known && windows.into(at) > 0.03) {
        return;
      }
      double after = price.probed(at, rate, acceptedInAll);
      probeAfter = Double.isNaN(after) ? probeAfter : after;
      measureFrom = at;
      base = stood > 0 ? Math.min(rate, stood) : rate;
      probeStood = base;
      probeStage = 0;
      atWindow = known;
      begin(Mode.PROBE, at, base * (known ? burst() : 1.3));
    }
  }

  /** The requests under way when the 429 comes weigh more where there are few. */
  private double burst() {
    return base < 50 ? SMALL_BURST : BURST;
  }

  private double notOver(double wanted) {
    return windows.agreed() > 0 && !Double.isNaN(quota)
        ? Math.min(wanted, quota * PLATEAU)
        : wanted;
  }

  private void probe(double at) {
    double lasted = at - stageAt;
    if (atWindow && probeStage == 0) {
      boolean moreThanAWindow = accepted.since(stageAt) > 1.3 * base;
      if (moreThanAWindow && windows.agreed() >= 2) {
        quota = Double.NaN;
        measuredAgain = true;
        mode = Mode.MEASURE; // Keep the burst up: where it ends is the new quota.
      } else if (moreThanAWindow || lasted > PROBE_STEP) {
        probeStood = base * 1.25;
        probeStage = 1;
        begin(Mode.PROBE, at, base * 1.5);
      }
    } else if (lasted >= PROBE_STEP) {
      if (!isUsedUp(at)) {
        probedAt = at;
        if (probeStage > 0) {
          fell = Double.POSITIVE_INFINITY;
        }
        begin(Mode.STEADY, at, probeStood);
        return;
      }
      probeStood = rate;
      probeStage++;
      begin(Mode.PROBE, at, rate * (probeStage < 2 ? 1.3 : probeStage < 3 ? 1.5 : 2));
    }
  }

  /** What a 429 has taught, once the hold is over and all earlier answers are in. */
  private void learn(double at) {
    boolean first = Double.isNaN(episodeAt);
    double gap = pendingAt - episodeAt;
    double active = Math.max(1e-3, pendingAt - resumedAt);
    double flowed = first ? 0 : acceptedInEpisode / gap;
    double hold = Math.max(1, at - pendingAt);
    double windowBegan = Double.NaN;
    Mode next = Mode.STEADY;
    double then;
    switch (pendingMode) {
      case RAMP -> {
        if (Double.isNaN(quota)) {
          next = Mode.MEASURE;
          measuredAgain = false;
          measureFrom = at;
          then = 3 * pendingRate;
        } else {
          then = Math.max(quota, pendingRate / 2) * 0.97;
          fell = pendingRate;
          stood = then * 0.9;
        }
        probeAfter = FIRST_PROBE_AFTER;
      }
      case MEASURE -> {
        double gathered = gap - active >= 1.5 ? gap - active : 1;
        double measured = Math.max(LEAST_RATE, accepted.since(measureFrom) / gathered);
        quota = Double.isNaN(quota) ? measured : Math.min(quota, measured);
        if (active > SLOW_MEASURE && !measuredAgain) {
          // It may have reached into a second window. The next begins early in one.
          measuredAgain = true;
          next = Mode.MEASURE;
          measureFrom = at;
          then = 3 * rate;
          break;
        }
        then = quota * PLATEAU;
        fell = quota * 1.005;
        stood = Math.min(flowed, quota * 0.98);
        probeAfter = FIRST_PROBE_AFTER;
      }
      case PROBE -> {
        if (probeStage == 0) {
          then = base;
          fell = fell < base ? pendingRate : Math.min(fell, pendingRate);
          windowBegan = findWindow(hold);
        } else {
          then = probeStood * 0.97;
          fell = pendingRate;
          stood = probeStood * 0.9;
          quota = Double.NaN;
        }
      }
      case CATCH_UP -> {
        then = base;
        windows.forget();
      }
      default -> then = narrow(active, gap, flowed);
    }
    episodeAt = pendingAt;
    acceptedInEpisode = 0;
    resumedAt = at;
    probedAt = at;
    double left = windowBegan + 2 - at - 0.04;
    if (left > 0.2) {
      base = then;
      catchUpUntil = at + left;
      double window = knownQuota();
      begin(Mode.CATCH_UP, at, Math.min(0.92 * window / left, 4 * base));
    } else {
      begin(next, at, then);
    }
    nextAt = at;
  }

  private double narrow(double active, double gap, double flowed) {
    boolean hadStood = pendingRate <= stood * 1.001;
    double then;
    if (hadStood && active > STOOD && windows.agreed() == 0) {
      // A bucket: what was accepted is what flowed in, and perhaps what the hold let gather.
      double mean = acceptedInEpisode / active;
      standFor = Math.min(STOOD_AT_MOST, standFor * 1.3);
      then = Math.max(flowed, mean - 0.5 * mean * (gap - active) / active);
      fell = Math.min(pendingRate, then * 1.03);
      stood = flowed;
    } else if (hadStood) {
      then = 0.97 * pendingRate;
      fell = pendingRate;
      stood = then * 0.95;
    } else {
      fell = pendingRate;
      stood = Math.max(stood, Math.min(flowed, pendingRate * 0.95));
      then = stood > 0.7 * pendingRate ? stood : Math.sqrt(Math.max(stood, 0.1) * pendingRate);
    }
    return then;
  }

  /** The beginning of the API's window, if it has windows and this 429 agrees with the last. */
  private double findWindow(double hold) {
    QuotaWindows.Finding found =
        windows.find(pendingAt, accepted.last((int) knownQuota()), hold, base);
    if (found.first()) {
      probeAfter = SECOND_PROBE_AFTER;
    } else if (found.changed()) {
      price.forget();
      probeAfter = ProbePrice.usually(base);
    }
    return found.began();
  }

  /** What was measured, unless the rate that stands since shows it to be too much. */
  private double knownQuota() {
    return Double.isNaN(quota) || quota > 1.05 * base ? base : quota;
  }

  private void begin(Mode next, double at, double newRate) {
    mode = next;
    stageAt = at;
    sentInStage = 0;
    rate = Math.max(LEAST_RATE, newRate);
    nextAt = Math.min(nextAt, at + 1 / rate());
  }

  private boolean isUsedUp(double at) {
    return sentInStage >= 0.85 * rate() * (at - stageAt) - 1;
  }
}
