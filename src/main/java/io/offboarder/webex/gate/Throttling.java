package io.offboarder.webex.gate;

import io.offboarder.webex.gate.AttemptResult.Answered;
import io.offboarder.webex.gate.AttemptResult.HeldBack;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.RetryAfter;
import io.offboarder.webex.http.StatusClass;
import io.offboarder.webex.limit.AdaptiveRateLimiter;
import io.offboarder.webex.limit.ConcurrencyLimit;
import io.offboarder.webex.limit.RetryAfterPause;
import io.offboarder.webex.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What slows requests down: a stop, the pauses that the API asks for, the rate that it was seen to
 * take, and the number of requests that may be in flight. Confined to the gate's thread.
 */
final class Throttling {

  private static final Logger LOG = LoggerFactory.getLogger(Throttling.class);

  private final EventLoop loop;
  private final RetryAfterPause pause;
  private final AdaptiveRateLimiter rateLimiter;
  private final ConcurrencyLimit limit;
  private int inFlight;
  private @Nullable Instant stoppedSince;
  private long lastSent;

  Throttling(EventLoop loop, RandomGenerator random, GateSettings settings) {
    this.loop = loop;
    pause = new RetryAfterPause(settings.pauses(), random);
    double ceiling = settings.maxRequestsPerSecond().orElse(Double.POSITIVE_INFINITY);
    rateLimiter = new AdaptiveRateLimiter(ceiling, loop.nanos());
    limit = new ConcurrencyLimit(settings.maxConcurrency(), loop.nanos());
    lastSent = loop.nanos();
  }

  /** Somebody wants no request to go out. */
  void stop() {
    if (stoppedSince == null) {
      stoppedSince = loop.now();
    }
  }

  /** Requests may go out again. */
  void go() {
    stoppedSince = null;
  }

  /** Whether somebody wants no request to go out. */
  boolean isStopped() {
    return stoppedSince != null;
  }

  /** Since when somebody wants no request to go out; null while nobody does. */
  @Nullable Instant stoppedSince() {
    return stoppedSince;
  }

  /** Whether the API wants no request now. */
  boolean isPaused() {
    return pause.isActive(loop.nanos());
  }

  /** The end of the pause; meaningful while there is one. */
  long pausedUntil() {
    return pause.until();
  }

  /** Whether the API wants no request for longer than that. */
  boolean isPausedFor(Duration time) {
    return isPaused() && pause.until() - loop.nanos() > time.toNanos();
  }

  int inFlight() {
    return inFlight;
  }

  /** Whether as many requests are in flight as may be. */
  boolean isFull() {
    return inFlight >= limit.limit();
  }

  /** The earliest instant at which the rate allows the next request. */
  long nextSend(long now) {
    return rateLimiter.next(now);
  }

  /** When the latest request was sent, or this gate began. */
  long lastSent() {
    return lastSent;
  }

  void sent(long now) {
    inFlight++;
    lastSent = now;
    rateLimiter.sent(now);
  }

  /** Learns from an attempt's end, good or bad. */
  void ended(Attempt attempt, AttemptResult result) {
    int before = inFlight--;
    if (result instanceof HeldBack) {
      return;
    }
    HttpStatus status = result.status();
    boolean strained = !status.isAnswer() || status.code() == 503 || status.code() == 504;
    if (strained) {
      limit.strained(attempt.began(), loop.nanos(), before);
    } else {
      limit.answered(attempt.began(), loop.nanos(), before);
    }
    StatusClass meaning = status.statusClass();
    if (status.isAnswer() && meaning != StatusClass.THROTTLED) {
      rateLimiter.accepted(attempt.began());
      if (meaning.letsUsIn()) {
        pause.accepted();
      }
    }
    if (result instanceof Answered answered && status.code() == 503) {
      unavailable(answered.response());
    }
  }

  /** A 503 that names a time is a pause; one that names none is a failure like any other. */
  private void unavailable(ApiResponse response) {
    Duration named = RetryAfter.parse(response.header("Retry-After"), loop.now());
    if (named != null) {
      pause.begin(named, loop.nanos());
    }
  }

  /** A 429 or 423: everything waits. */
  void throttled(Attempt attempt, ApiResponse response) {
    boolean before = isPaused();
    Duration named = RetryAfter.parse(response.header("Retry-After"), loop.now());
    Duration wait = pause.begin(named, loop.nanos());
    if (response.status() == 429) {
      rateLimiter.throttled(attempt.began(), loop.nanos(), pause.until());
    }
    if (!before) {
      LOG.debug(
          "the API answered {}: nothing goes out for {} ms", response.status(), wait.toMillis());
    }
  }

  /** An outage is over: as many requests may be in flight as before it. */
  void restore() {
    limit.restore(loop.nanos());
  }

  /** When the API's pause ends, by the time of day; null while there is none. */
  @Nullable Instant pauseEnds() {
    return isPaused() ? loop.now().plusNanos(pause.until() - loop.nanos()) : null;
  }

  GateStatus.Load load(int waiting) {
    return new GateStatus.Load(inFlight, waiting, limit.limit(), rateLimiter.rate());
  }
}
