package io.offboarder.webex.gate;

import io.offboarder.webex.credentials.EventLoop;
import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.CircuitBreaker.Cause;
import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.StatusClass;
import io.offboarder.webex.http.TrackingIds;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks for our own token's expiry: the cheapest request there is, and nobody's poison. It settles
 * whether the API is down or one request is, when nobody else is there to tell by.
 *
 * <p>Which scope this operation needs is not documented. So a refusal says that the API works, as a
 * success does, and nothing about our credentials.
 */
final class ApiProbe {

  /** The gate's own voice among the callers. */
  static final RequestContext OWN = new RequestContext("", RequestContext.Priority.TERMINATION);

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final RandomGenerator random;
  private final TokenSource tokens;
  private final CircuitBreaker circuitBreaker;
  private final OutageMonitor outages;
  private final Throttling throttling;
  private boolean requested;
  private boolean underWay;
  private boolean wasLastProbe;
  private @Nullable Long last;
  private @Nullable Long lastFine;

  ApiProbe(
      EventLoop loop,
      RandomGenerator random,
      TokenSource tokens,
      CircuitBreaker circuitBreaker,
      OutageMonitor outages,
      Throttling throttling) {
    this.loop = loop;
    this.random = random;
    this.tokens = tokens;
    this.circuitBreaker = circuitBreaker;
    this.outages = outages;
    this.throttling = throttling;
  }

  /** Somebody's request fails, and there are no others to compare it with. */
  void request() {
    requested = true;
  }

  boolean isRequested() {
    return requested;
  }

  /** Whether the API was seen to answer, well or with a refusal, at that instant or later. */
  boolean wasFineSince(long instant) {
    return lastFine != null && lastFine - instant >= 0;
  }

  /** A lone caller may be the trouble itself, so every other probe is a check. */
  boolean isDue(boolean probe, int callersReady) {
    if (underWay || circuitBreaker.cause() == Cause.FORBIDDEN) {
      return false;
    }
    if (probe) {
      wasLastProbe = callersReady <= 1 && !wasLastProbe;
      return wasLastProbe;
    }
    return requested && (last == null || loop.nanos() - last >= INTERVAL.toNanos());
  }

  void send(Attempt.Sender sender, boolean probe) {
    underWay = true;
    requested = false;
    last = loop.nanos();
    String trackingId = TrackingIds.create(random);
    sender.send(ApiRequest.tokenExpiry(), tokens.accessToken(), probe, trackingId, 1, this::ended);
  }

  private void ended(Attempt attempt, AsyncResult<ApiResponse> result) {
    underWay = false;
    if (Attempt.isHeldBack(result)) {
      return;
    }
    if (result.failed()) {
      failed(attempt, ErrorMessage.reason(result.cause()));
      return;
    }
    ApiResponse response = result.result();
    switch (StatusClass.of(response.status())) {
      case SUCCESS -> fine(attempt);
      case THROTTLED -> {
        throttling.onThrottled(response, attempt);
        outages.apiAnswered();
      }
      case UNAUTHORIZED -> {
        if (tokens.rejected(String.valueOf(attempt.token())) == TokenSource.Rejection.REFUSED) {
          outages.credentialsRefused(attempt, "the API does not accept the access token");
        }
      }
      case FORBIDDEN, FINAL -> {
        outages.probeFailed(attempt);
        lastFine = loop.nanos();
        outages.apiAnswered();
      }
      case FAILING -> failed(attempt, "it answers " + response.status());
    }
  }

  private void fine(Attempt attempt) {
    lastFine = loop.nanos();
    String token = String.valueOf(attempt.token());
    tokens.accepted(token);
    outages.apiAnswered();
    if (circuitBreaker.cause() == Cause.CREDENTIALS && tokens.isCurrent(token)) {
      outages.end();
    }
  }

  private void failed(Attempt attempt, String why) {
    boolean outage = circuitBreaker.recordFailure(OWN, loop.nanos());
    if (circuitBreaker.isOpen()) {
      outages.probeFailed(attempt);
    } else if (outage) {
      outages.begin(Cause.OUTAGE, "the API fails: " + why);
    }
  }
}
