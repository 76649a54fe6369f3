package io.offboarder.webex.limit;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The instant before which nothing is sent, because the API said so. Everything that shares the
 * token shares the quota, so one 429 holds all. A hold only ever grows; it ends with a little
 * jitter, so that several instances do not come back as one.
 */
public final class RetryAfterPause {

  private static final Duration LONGEST_UNNAMED = Duration.ofMinutes(1);
  private static final double JITTER = 0.05;
  private static final Duration LONGEST_JITTER = Duration.ofSeconds(1);

  private final PauseSettings settings;
  private final Backoff unnamed;
  private final RandomGenerator random;
  private long until;
  private boolean held;
  private int unnamedInARow;

  /** No pause yet; what the API asks for is lengthened by a little jitter. */
  public RetryAfterPause(PauseSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.unnamed = new Backoff(settings.unnamed(), LONGEST_UNNAMED);
    this.random = random;
  }

  /**
   * An answer said wait.
   *
   * @param named what its Retry-After names, null where that is no time
   * @return how long nothing goes out from now
   */
  public Duration begin(@Nullable Duration named, long now) {
    Duration wait;
    if (named == null) {
      // Answers to requests that were already out say nothing new about how long to wait.
      if (!isActive(now)) {
        unnamedInARow++;
      }
      Duration bound = unnamed.bound(unnamedInARow);
      wait = bound.plus(jitter(bound));
    } else {
      unnamedInARow = 0;
      wait = named.compareTo(settings.longest()) > 0 ? settings.longest() : named;
      wait = wait.plus(jitter(wait));
    }
    long end = now + wait.toNanos();
    if (!held || end - until > 0) {
      until = end;
      held = true;
    }
    return Duration.ofNanos(until - now);
  }

  private Duration jitter(Duration wait) {
    Duration most = Duration.ofNanos((long) (wait.toNanos() * JITTER));
    Duration bounded = most.compareTo(LONGEST_JITTER) > 0 ? LONGEST_JITTER : most;
    return Duration.ofNanos((long) (bounded.toNanos() * random.nextDouble()));
  }

  /** The API took a request: the next pause without a time begins short again. */
  public void accepted() {
    unnamedInARow = 0;
  }

  /** Whether nothing may go out at that instant, in nanoseconds. */
  public boolean isActive(long now) {
    if (held && now - until >= 0) {
      held = false;
    }
    return held;
  }

  /** Meaningful while held. */
  public long until() {
    return until;
  }
}
