package io.offboarder.webex.limit;

import com.netflix.concurrency.limits.limit.AIMDLimit;
import java.util.concurrent.TimeUnit;

/**
 * How many requests may be in flight: additive increase while they are answered, multiplicative
 * decrease when the API shows strain (a timeout, 503, 504), never above what is configured.
 *
 * <p>The arithmetic is {@link AIMDLimit}'s. Around it, requests that failed together count once: 64
 * timeouts in the same moment are one sign of strain, not 64, which would end at the minimum. A 429
 * is no sign of strain; the {@link AdaptiveRateLimiter} answers it.
 */
public final class ConcurrencyLimit {

  private static final double BACKOFF_RATIO = 0.7;

  private final int most;
  private AIMDLimit limit;
  private long decreasedAt;

  /**
   * A limit that begins at its most.
   *
   * @param most requests in flight that are ever allowed
   * @param now on the clock of all instants here: nanoseconds, from any origin
   */
  public ConcurrencyLimit(int most, long now) {
    this.most = most;
    this.limit = full();
    this.decreasedAt = now;
  }

  private AIMDLimit full() {
    return AIMDLimit.newBuilder()
        .initialLimit(most)
        .minLimit(Math.max(1, most / 16))
        .maxLimit(most)
        .backoffRatio(BACKOFF_RATIO)
        // Slow answers are still answers; what is too slow ends in a timeout of our own.
        .timeout(1, TimeUnit.HOURS)
        .build();
  }

  /** How many requests may be in flight now. */
  public int limit() {
    return Math.min(most, limit.getLimit());
  }

  /** A request was answered, well or badly, without a sign of strain. */
  public void answered(long began, long now, int inFlight) {
    limit.onSample(began, now - began, inFlight, false);
  }

  /** A request showed strain; counts if it began after the last decrease. */
  public void strained(long began, long now, int inFlight) {
    if (began - decreasedAt >= 0) {
      decreasedAt = now;
      limit.onSample(began, now - began, inFlight, true);
    }
  }

  /**
   * Trouble is over: all at once, as before it. What was sent earlier and fails later tells no
   * news.
   */
  public void restore(long now) {
    limit = full();
    decreasedAt = now;
  }
}
