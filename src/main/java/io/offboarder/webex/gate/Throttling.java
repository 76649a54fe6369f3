package io.offboarder.webex.gate;

import io.offboarder.webex.credentials.EventLoop;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.RetryAfter;
import io.offboarder.webex.http.StatusClass;
import io.offboarder.webex.limit.AdaptiveRateLimiter;
import io.offboarder.webex.limit.ConcurrencyLimit;
import io.offboarder.webex.limit.RetryAfterPause;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What slows requests down: the API's holds, the learned pace, the learned concurrency. */
record Throttling(
    EventLoop loop,
    RetryAfterPause pause,
    AdaptiveRateLimiter rateLimiter,
    ConcurrencyLimit limit) {

  private static final Logger LOG = LoggerFactory.getLogger(Throttling.class);

  /** A 429 or 423: everybody waits. */
  void onThrottled(ApiResponse response, Attempt attempt) {
    boolean heldBefore = pause.isActive(loop.nanos());
    Duration named = RetryAfter.parse(response.retryAfter(), loop.now());
    Duration wait = pause.begin(named, loop.nanos());
    if (response.status() == 429) {
      rateLimiter.throttled(attempt.began(), loop.nanos(), pause.until());
    }
    if (!heldBefore) {
      LOG.debug(
          "the API answered {}: nothing goes out for {} ms", response.status(), wait.toMillis());
    }
  }

  /** A 503 that names a time: nobody comes before it. One that names none is a failure like any. */
  void onUnavailable(ApiResponse response) {
    if (response.status() == 503) {
      Duration named = RetryAfter.parse(response.retryAfter(), loop.now());
      if (named != null) {
        pause.begin(named, loop.nanos());
      }
    }
  }

  /** Any attempt's end. */
  void record(HttpStatus httpStatus, long began, int inFlight) {
    if (!httpStatus.isAnswer() || httpStatus.code() == 503 || httpStatus.code() == 504) {
      limit.strained(began, loop.nanos(), inFlight);
    } else {
      limit.answered(began, loop.nanos(), inFlight);
    }
    if (httpStatus.isAnswer() && httpStatus.statusClass() != StatusClass.THROTTLED) {
      rateLimiter.accepted(began);
    }
  }
}
