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
 * and then none until the second is over. A client that sends them at once loses nothing to a
 * second's hold: a question at the end of such a <i>burst</i> costs only the burst's length. So:
 *
 * <ul>
 *   <li>{@link Ramp}: evenly, doubling every 300 ms, or sooner at high rates, until the first 429.
 *   <li>{@link Burst}: so many requests in any second as were accepted in the second before a 429,
 *       as soon as they may go. A 429 measures the quota exactly ({@link Burst}).
 *   <li><i>Grow</i>: {@link Pace#GROW_AFTER} seconds after the last 429, one request more at the
 *       end of a burst; where it is accepted two more, then four, up to a sixteenth of the quota
 *       each time. A quota that seems to have grown is asked again at once, because what had
 *       gathered in a bucket, or a burst that lay across two of the API's windows, looks the same.
 *   <li>{@link Trial}: where a burst bore less than the ramp had, or the ramp was over at once, the
 *       API may be a small bucket that wants its requests evenly. A few seconds of that tell. If
 *       so, {@link Spread} is how requests go from then on; a question there costs what the bucket
 *       cannot hold of a second, so it is asked every 30 seconds.
 *   <li><i>Recover</i>: far below what was taken not long ago the next question comes after one
 *       second, then two, then four, and doubles at each answer: 429s that had nothing to do with a
 *       quota cost seconds, and a quota that has really shrunk is asked for ever less often.
 * </ul>
 *
 * <p>Growth needs evidence: a rate that was not used up says nothing and changes nothing. What all
 * this reaches, and where it does not reach its aim, is in docs/GUARANTEES.md.
 *
 * <p>Each mode is a state of its own ({@link RateMode}); what they share is the {@link Pace}.
 *
 * <p>Pure: time comes in, in nanoseconds of any monotonic clock. Confined to the gate's thread.
 */
public final class AdaptiveRateLimiter {
  private final long origin;
  private final Pace pace;
  private RateMode mode;

  /**
   * A limiter that knows nothing yet.
   *
   * @param ceiling most requests per second, even if the API takes more
   * @param now nanoseconds of the clock that all methods use
   */
  public AdaptiveRateLimiter(double ceiling, long now) {
    this.origin = now;
    this.pace = new Pace(ceiling);
    this.mode = Ramp.first(pace);
  }

  /** Requests per second now. */
  public double rate() {
    return pace.rate(mode.slack());
  }

  /** The earliest instant of the next request. */
  public long next(long now) {
    double at = seconds(now);
    advance(at);
    AcceptedRequests evidence = pace.evidence();
    double next = evidence.isHeld() ? evidence.holdUntil() : mode.due();
    return next <= at ? now : origin + (long) Math.ceil(next * 1e9);
  }

  /** A request is sent now. */
  public void sent(long now) {
    double at = seconds(now);
    pace.sent(at, mode);
    mode.sent(at);
  }

  /** The request that was sent at this instant was accepted. */
  public void accepted(long sentAt) {
    double at = seconds(sentAt);
    pace.evidence().accepted(at);
    mode.accepted(at);
  }

  /** An answer 429. The first of a hold counts; those already under way then do not. */
  public void throttled(long sentAt, long now, long until) {
    advance(seconds(now));
    pace.evidence().throttled(seconds(sentAt), seconds(until));
  }

  private double seconds(long nanos) {
    return (nanos - origin) / 1e9;
  }

  private void advance(double at) {
    AcceptedRequests evidence = pace.evidence();
    evidence.at(at);
    if (evidence.isHeld()) {
      if (at < evidence.holdUntil()) {
        return;
      }
      learn(at);
    }
    mode = mode.at(at);
  }

  /** What a 429 has taught, once the hold is over and all earlier answers are in. */
  private void learn(double at) {
    RateMode.Lesson lesson = mode.throttled();
    mode = lesson.next();
    pace.resume(at);
    mode.resume(at, lesson.askSoon());
  }
}
