package io.offboarder.webex.gate;

import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.credentials.TokenSource.Rejection;
import io.offboarder.webex.gate.CircuitBreaker.Cause;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import io.offboarder.webex.limit.Backoff;
import io.offboarder.webex.loop.EventLoop;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that there is an access token that the API takes: reads the credentials, renews the
 * token before it expires and when the API refuses it. At most one renewal is under way. Confined
 * to the gate's thread.
 */
final class TokenRenewal implements AttemptHandler {

  private static final Logger LOG = LoggerFactory.getLogger(TokenRenewal.class);

  private final EventLoop loop;
  private final RandomGenerator random;
  private final TokenSource tokens;
  private final OutageMonitor outages;
  private final WakeUp wakeUp;
  private final Backoff backoff;
  private final Duration refusedPause;
  private int failures;
  private @Nullable Long notBefore;

  TokenRenewal(
      EventLoop loop,
      RandomGenerator random,
      GateSettings settings,
      TokenSource tokens,
      OutageMonitor outages,
      WakeUp wakeUp) {
    this.loop = loop;
    this.random = random;
    this.tokens = tokens;
    this.outages = outages;
    this.wakeUp = wakeUp;
    this.backoff = new Backoff(settings.retries().firstBackoff(), settings.retries().maxBackoff());
    this.refusedPause = settings.probes().longest();
  }

  // ---- the credentials -------------------------------------------------------------------------

  /** Reads the credentials again and acts on what has changed. */
  void recheck() {
    tokens
        .reread()
        .onComplete(
            read -> {
              if (read.failed() && !tokens.hasValues()) {
                String why = ErrorMessage.reason(read.cause());
                outages.begin(Cause.CREDENTIALS, "the credentials cannot be read: " + why);
              } else if (read.succeeded() && read.result()) {
                useNewCredentials();
              }
              wakeUp.soon();
            });
  }

  // ---- what the API says of the token in use ---------------------------------------------------

  /** The API did what was asked with this token, which proves it. */
  void accepted(Attempt attempt) {
    tokens.accepted(token(attempt));
    if (outages.cause() == Cause.CREDENTIALS && isCurrent(attempt)) {
      outages.end();
    }
  }

  boolean isCurrent(Attempt attempt) {
    return tokens.isCurrent(token(attempt));
  }

  /** The API answered 401 to this token. */
  void rejected(Attempt attempt, String words) {
    if (tokens.rejected(token(attempt)) == Rejection.REFUSED) {
      String which = tokens.canRenew() ? "a token that it has just issued" : "the access token";
      outages.credentialsRefused(attempt, "the API answers 401 to " + which + ": " + words);
      recheck(); // Somebody may have replaced them already.
    } else if (attempt.probe()) {
      outages.probeAt(loop.nanos());
    }
  }

  private static String token(Attempt attempt) {
    return String.valueOf(attempt.token());
  }

  // ---- renewals --------------------------------------------------------------------------------

  /** Whether a renewal should go out now, because the token is missing or about to expire. */
  boolean isDue(boolean probe) {
    if (probe && outages.cause() == Cause.CREDENTIALS && tokens.isRefused()) {
      tokens.drop();
    }
    boolean needed = tokens.accessToken() == null || tokens.isRenewalDue();
    return needed && (notBefore == null || notBefore - loop.nanos() <= 0);
  }

  /** The number of the next attempt, from 1. */
  int attempt() {
    return failures + 1;
  }

  /** When a renewal that is needed may go out; null where it is not put off. */
  @Nullable Long putOffUntil() {
    return notBefore;
  }

  @Override
  public void ended(Attempt attempt, AttemptResult result) {}

  @Override
  public void succeeded(Attempt attempt, ApiResponse response) throws UnexpectedAnswerException {
    tokens.renewed(TokenSource.Issued.read(response));
    failures = 0;
    notBefore = null;
    outages.apiAnswered(attempt);
    if (outages.isOpen()) {
      outages.probeAt(loop.nanos());
    }
  }

  /** The pause says when to try again. */
  @Override
  public void throttled(Attempt attempt, ErrorMessage error) {}

  @Override
  public void unauthorized(Attempt attempt, ErrorMessage error) {
    refused("401: " + error.oneLine(), attempt);
  }

  @Override
  public void forbidden(Attempt attempt, ErrorMessage error) {
    refused("403: " + error.oneLine(), attempt);
  }

  @Override
  public void refused(Attempt attempt, HttpStatus status, ErrorMessage error) {
    refused(status + ": " + error.oneLine(), attempt);
  }

  /** Another instance may have kept a newer refresh token meanwhile, or somebody replaced it. */
  private void refused(String words, Attempt attempt) {
    outages.apiAnswered(attempt);
    notBefore = loop.nanos() + backoff.longest().toNanos();
    tokens
        .reread()
        .onComplete(
            read -> {
              if (read.succeeded() && read.result()) {
                useNewCredentials();
              } else {
                refusedForGood(words, attempt);
              }
              wakeUp.soon();
            });
  }

  private void useNewCredentials() {
    notBefore = null; // What held for the old ones does not hold for the new.
    if (outages.cause() == Cause.CREDENTIALS) {
      outages.probeAt(loop.nanos());
    }
  }

  private void refusedForGood(String words, Attempt attempt) {
    String why = "the API refuses to renew the access token: " + words;
    if (tokens.accessToken() != null) {
      notBefore = loop.nanos() + refusedPause.toNanos();
      LOG.warn("{}; the token in use is good for a little longer", why);
      return;
    }
    notBefore = null; // From here on the probes decide when.
    outages.credentialsRefused(attempt, why);
  }

  @Override
  public void failed(Attempt attempt, ErrorMessage error) {
    failures++;
    notBefore = loop.nanos() + backoff.delay(failures, random).toNanos();
    outages.ownRequestFailed(attempt, "the API fails to renew the access token", error.oneLine());
    if (outages.isOpen()) {
      notBefore = null; // From here on the probes decide when.
    }
  }
}
