package io.offboarder.webex.gate;

import io.offboarder.webex.credentials.EventLoop;
import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.CircuitBreaker.Cause;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import io.offboarder.webex.http.StatusClass;
import io.offboarder.webex.http.TrackingIds;
import io.offboarder.webex.limit.Backoff;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches a new access token when one is needed: one request at a time, whoever needs it. */
final class TokenRenewal {

  private static final Logger LOG = LoggerFactory.getLogger(TokenRenewal.class);

  private final EventLoop loop;
  private final RandomGenerator random;
  private final TokenSource tokens;
  private final CircuitBreaker circuitBreaker;
  private final OutageMonitor outages;
  private final Throttling throttling;
  private final Backoff backoff;
  private final Duration refusedPause;
  private boolean underWay;
  private int failures;
  private @Nullable Long notBefore;

  /** A new token came while the credentials were in doubt, and has not been tried yet. */
  private boolean untried;

  TokenRenewal(
      EventLoop loop,
      RandomGenerator random,
      TokenSource tokens,
      CircuitBreaker circuitBreaker,
      OutageMonitor outages,
      Throttling throttling,
      GateSettings settings) {
    this.loop = loop;
    this.random = random;
    this.tokens = tokens;
    this.circuitBreaker = circuitBreaker;
    this.outages = outages;
    this.throttling = throttling;
    this.backoff = new Backoff(settings.retries().firstBackoff(), settings.retries().maxBackoff());
    this.refusedPause = settings.probes().longest();
  }

  /** Whether a renewal should go out now, because the token is missing or about to expire. */
  boolean isDue(boolean probe) {
    if (probe && circuitBreaker.cause() == Cause.CREDENTIALS && !untried) {
      tokens.drop();
    }
    boolean needed = tokens.accessToken() == null || tokens.isRenewalDue();
    return needed && !underWay && (notBefore == null || notBefore - loop.nanos() <= 0);
  }

  /** When a renewal that is needed may go out; null where one is under way or none is put off. */
  @Nullable Long putOffUntil() {
    return underWay ? null : notBefore;
  }

  /** New credentials: what held for the old ones does not hold for them. */
  void restart() {
    notBefore = null;
  }

  /** The newest token was tried, well or badly. */
  void forgetUntried() {
    untried = false;
  }

  void send(Attempt.Sender sender, boolean probe) {
    underWay = true;
    String trackingId = TrackingIds.create(random);
    sender.send(tokens.renewal(), null, probe, trackingId, failures + 1, this::ended);
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
      case SUCCESS -> renewed(attempt, response);
      case THROTTLED -> {
        throttling.onThrottled(response, attempt);
        outages.apiAnswered();
      }
      case FAILING -> failed(attempt, words(response));
      default -> refused(attempt, words(response));
    }
  }

  private String words(ApiResponse response) {
    return response.status() + ": " + tokens.mask(ErrorMessage.of(response)).oneLine();
  }

  private void renewed(Attempt attempt, ApiResponse response) {
    try {
      tokens.renewed(TokenSource.Issued.read(response));
    } catch (UnexpectedAnswerException e) {
      failed(attempt, String.valueOf(e.getMessage()));
      return;
    }
    failures = 0;
    notBefore = null;
    outages.apiAnswered();
    if (circuitBreaker.isOpen()) {
      untried = true;
      circuitBreaker.probeAt(loop.nanos());
    }
  }

  private void refused(Attempt attempt, String words) {
    outages.apiAnswered();
    String why = "the API refuses to renew the access token: " + words;
    if (tokens.accessToken() != null) {
      notBefore = loop.nanos() + refusedPause.toNanos();
      LOG.warn("{}; the token in use is good for a little longer", why);
      return;
    }
    notBefore = null; // From here on the circuit's probes decide when.
    outages.credentialsRefused(attempt, why);
  }

  private void failed(Attempt attempt, String why) {
    failures++;
    notBefore = loop.nanos() + backoff.delay(failures, random).toNanos();
    boolean outage = circuitBreaker.recordFailure(ApiProbe.OWN, loop.nanos());
    if (circuitBreaker.isOpen()) {
      notBefore = null;
      outages.probeFailed(attempt);
    } else if (outage) {
      notBefore = null;
      outages.begin(Cause.OUTAGE, "the API fails to renew the access token: " + why);
    }
  }
}
