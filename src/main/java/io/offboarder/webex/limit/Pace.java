package io.offboarder.webex.limit;

/**
 * The quota that is believed, and what all modes share: the evidence, the even pace, the stage that
 * goes on, and how long to wait before the next question. Times are seconds of the limiter's clock.
 * Confined to the gate's thread.
 */
final class Pace {

  /** The first requests per second: few APIs take less, and doubling soon reaches more. */
  static final double FIRST_RATE = 40;

  /** Slower than this a lower quota is left to the holds, which keep it in any case. */
  private static final double LEAST_RATE = 1;

  /** How much longer than a second the requests of one take, so that a jitter meets no limit. */
  static final double LEAST_SLACK = 0.006;

  /** Seconds between questions: a second's hold each time, and a doubled quota within 20 s. */
  static final double GROW_AFTER = 13;

  /** The first wait after a collapse, in seconds; a real quota makes it longer each time. */
  private static final double RECOVER_AFTER = 1;

  /** Each answer that still finds a collapse makes the wait so many times longer. */
  private static final double RECOVER_FACTOR = 2;

  /** A second without these costs little, and a pace stuck here costs much. */
  static final double CHEAP_RATE = 10;

  /** Seconds between questions at a cheap rate, where asking often costs few requests. */
  private static final double CHEAP_GROW_AFTER = 5;

  /** Below this share of what was taken not long ago, something else than a quota has struck. */
  static final double COLLAPSED = 0.75;

  /** Going back to what was taken not long ago stops a little below it, to meet no 429. */
  private static final double FORMER = 0.95;

  /** A rate over the quota of a one-second window meets its end within two of them. */
  static final double STOOD = 2.15;

  /** The first larger rate that is tried: enough to differ from what a bucket holds. */
  static final double FIRST_STAGE = 1.25;

  /** A loop may be so many seconds late and catch up; a longer pause saves no requests up. */
  private static final double CATCH_UP = 0.05;

  /** A stage counts as used up from this share on, because loops and answers come late. */
  private static final double USED_UP = 0.85;

  /** A count of whole requests may be short by one at the edge of a stage. */
  private static final double ONE_REQUEST = 1;

  private final double ceiling;
  private final SendTimestamps sent = new SendTimestamps();
  private final AcceptedRequests accepted = new AcceptedRequests();

  private double quota = FIRST_RATE;
  private double evenlyAt;
  private double stageAt;
  private int sentInStage;
  private double recoverAfter = RECOVER_AFTER;

  /** Never more than so many requests per second. */
  Pace(double ceiling) {
    this.ceiling = ceiling;
  }

  AcceptedRequests evidence() {
    return accepted;
  }

  /** Requests that a second is believed to take. */
  double quota() {
    return quota;
  }

  /** Changes what is believed, within the stage that goes on. */
  void believe(double newQuota) {
    quota = newQuota;
  }

  /** Whether more than the quota may be sent at all. */
  boolean mayGrow() {
    return quota < ceiling;
  }

  /** The smaller of quota and ceiling. */
  double allowed() {
    return Math.min(quota, ceiling);
  }

  /** Requests per second, where a second's are stretched by this share. */
  double rate(double slack) {
    return Math.min(quota / (1 + slack), ceiling);
  }

  /** When the next request is due where they go evenly. */
  double evenlyAt() {
    return evenlyAt;
  }

  /** When the n-th last request was sent. */
  double lastSent(int n) {
    return sent.last(n);
  }

  /** A request is sent in this mode. */
  void sent(double at, RateMode mode) {
    double late = at - mode.due();
    // A loop that comes a little late must not cost requests; a pause must not save any up.
    sent.add(late < mode.tolerance() ? at - Math.max(0, late) : at);
    double gap = 1 / rate(mode.slack());
    evenlyAt = (at - evenlyAt < Math.max(gap, CATCH_UP) ? evenlyAt : at) + gap;
    sentInStage++;
  }

  /** A stage begins: from now on what is sent and accepted is counted for this quota. */
  void stage(double at, double newQuota, double slack) {
    beginStage(at, newQuota);
    evenlyAt = Math.min(evenlyAt, at + 1 / rate(slack));
  }

  /** A hold is over: a stage begins, and the next request is due at once. */
  void resume(double at) {
    accepted.resume(at);
    beginStage(at, quota);
    evenlyAt = at;
  }

  private void beginStage(double at, double newQuota) {
    quota = Math.max(LEAST_RATE, newQuota);
    stageAt = at;
    sentInStage = 0;
    accepted.stage(at);
  }

  /** Seconds since the stage began. */
  double stageLasts(double at) {
    return at - stageAt;
  }

  /** Whether the stage's rate was used up; if not, it says nothing. */
  boolean isUsedUp(double at, double slack) {
    return sentInStage >= USED_UP * rate(slack) * (at - stageAt) - ONE_REQUEST;
  }

  /** Whether the quota is far below what was taken not long ago. */
  boolean isCollapsed() {
    return quota < COLLAPSED * Math.min(accepted.sustained(), ceiling);
  }

  /** The quota to go back to after 429s that had nothing to do with one. */
  double former() {
    return FORMER * accepted.sustained();
  }

  /** Seconds until the next question; the usual ones unless the quota is collapsed or cheap. */
  double growAfter(double usual) {
    if (isCollapsed()) {
      double after = recoverAfter;
      recoverAfter = Math.min(GROW_AFTER, RECOVER_FACTOR * recoverAfter);
      return after;
    }
    recoverAfter = RECOVER_AFTER;
    return quota < CHEAP_RATE ? CHEAP_GROW_AFTER : usual;
  }
}
