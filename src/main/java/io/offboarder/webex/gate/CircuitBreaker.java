package io.offboarder.webex.gate;

import io.offboarder.webex.limit.Backoff;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Counts failures until they are an outage, and spaces the probes that go out while one lasts.
 *
 * <p>An outage is declared on a streak of failures that no healthy answer interrupts: ten in a row
 * of at least three callers, or three over at least five seconds where there are few to tell by.
 * Circuit breakers usually count calls, not callers, so that one event with a thousand failing
 * deletes would stop everybody. Probes serve trouble that is our own as well, because the cure is
 * the same: wait and ask rarely.
 */
final class CircuitBreaker {

  /** What is wrong. */
  enum Cause {
    /** The API fails. */
    OUTAGE,
    /** Our token, or what renews it, is refused. */
    CREDENTIALS,
    /** An operation is forbidden to everybody. */
    FORBIDDEN
  }

  private static final int STREAK = 10;
  private static final int STREAK_CALLERS = 3;
  private static final int SHORT_STREAK = 3;
  private static final Duration SHORT_STREAK_LASTS = Duration.ofSeconds(5);
  private static final double JITTER = 0.2;

  private final GateSettings.Probes settings;
  private final RandomGenerator random;
  private final Set<String> failing = new HashSet<>();
  private final Set<String> suspicious = new HashSet<>();
  private @Nullable Long newestFailure;
  private int streak;
  private long streakBegan;
  private int probesFailed;
  private long nextProbe;

  CircuitBreaker(GateSettings.Probes settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  /** Counts a failure; true when the streak has become an outage. */
  boolean recordFailure(RequestContext caller, Attempt attempt, long now) {
    if (streak++ == 0) {
      streakBegan = now;
    }
    if (failing.size() < STREAK_CALLERS) {
      failing.add(caller.id());
    }
    if (isNews(attempt)) {
      newestFailure = attempt.began();
    }
    if (suspicious.size() < STREAK_CALLERS) {
      suspicious.add(caller.id());
    }
    return (streak >= STREAK && failing.size() >= STREAK_CALLERS)
        || (streak >= SHORT_STREAK && now - streakBegan >= SHORT_STREAK_LASTS.toNanos());
  }

  /** Counts an answer that speaks for the API. */
  void recordSuccess(Attempt attempt) {
    endStreak();
    if (isNews(attempt)) {
      suspicious.clear();
    }
  }

  /** Whether a request was sent after all that failed, so that its answer tells of now. */
  boolean isNews(Attempt attempt) {
    return newestFailure == null || attempt.began() - newestFailure > 0;
  }

  private void endStreak() {
    streak = 0;
    failing.clear();
  }

  /**
   * Whether an outage may just have begun: requests of several callers have failed, and no request
   * sent after them has done well. Good answers to earlier requests say nothing.
   */
  boolean isSuspected() {
    return suspicious.size() >= STREAK_CALLERS;
  }

  /** From now on only probes go. */
  void open(long now) {
    probesFailed = 0;
    scheduleProbe(now);
  }

  /** Everything may go again. */
  void close() {
    endStreak();
    suspicious.clear();
  }

  void probeFailed(long now) {
    probesFailed++;
    scheduleProbe(now);
  }

  private void scheduleProbe(long now) {
    Duration interval = new Backoff(settings.first(), settings.longest()).bound(probesFailed + 1);
    nextProbe = now + (long) (interval.toNanos() * (1 - JITTER * random.nextDouble()));
  }

  /** Something has changed that a probe should find out about. */
  void probeAt(long instant) {
    nextProbe = instant;
  }

  long nextProbe() {
    return nextProbe;
  }
}
