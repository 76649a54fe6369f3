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
 * <p>An outage is declared on a streak of failures that no healthy answer interrupts: of ten
 * callers; or ten in a row, the gate's own question among them; or three over at least five
 * seconds, where there are few to judge by. A caller that fails while others succeed is none of the
 * ten. Circuit breakers usually count calls, not callers, so that one event with a thousand failing
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

  /** Whose failure it is, and so what it says about how others will fare. */
  enum Failing {
    /** A caller's of which no more is known. */
    CALLER,
    /** A caller's that fails again while others succeed: it says nothing about others. */
    CALLER_ALONE,
    /** The gate's own, which no caller's data can cause. */
    GATE
  }

  private static final int STREAK = 10;
  private static final int SUSPICIOUS_CALLERS = 3;
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
  private boolean gateFailed;
  private int probesFailed;
  private long nextProbe;

  CircuitBreaker(GateSettings.Probes settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  /** Counts a failure; true when the streak has become an outage. */
  boolean recordFailure(String caller, Failing whose, Attempt attempt, long now) {
    if (streak++ == 0) {
      streakBegan = now;
    }
    gateFailed |= whose == Failing.GATE;
    if (whose != Failing.CALLER_ALONE) {
      suspect(caller, attempt);
    }
    return failing.size() >= STREAK
        || (streak >= STREAK && gateFailed)
        || (streak >= SHORT_STREAK && now - streakBegan >= SHORT_STREAK_LASTS.toNanos());
  }

  private void suspect(String caller, Attempt attempt) {
    if (failing.size() < STREAK) {
      failing.add(caller);
    }
    if (suspicious.size() < SUSPICIOUS_CALLERS) {
      suspicious.add(caller);
    }
    if (isNews(attempt)) {
      newestFailure = attempt.began();
    }
  }

  /** Whether so much fails in a row that only the gate's own question tells what it means. */
  boolean isInDoubt() {
    return streak >= STREAK;
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
    gateFailed = false;
    failing.clear();
  }

  /**
   * Whether an outage may just have begun: requests of several callers have failed, and no request
   * sent after them has done well. Good answers to earlier requests say nothing.
   */
  boolean isSuspected() {
    return suspicious.size() >= SUSPICIOUS_CALLERS;
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
