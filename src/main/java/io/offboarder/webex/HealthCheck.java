package io.offboarder.webex;

import io.offboarder.webex.Circuit.Cause;
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
final class HealthCheck {

  /** The gate's own voice among the callers. */
  static final Caller OWN = new Caller("", Caller.Urgency.TERMINATION);

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Loop loop;
  private final RandomGenerator random;
  private final TokenSource tokens;
  private final Circuit circuit;
  private final Trouble trouble;
  private final Brake brake;
  private boolean wanted;
  private boolean underWay;
  private boolean wasLastProbe;
  private @Nullable Long last;
  private @Nullable Long lastFine;

  HealthCheck(
      Loop loop,
      RandomGenerator random,
      TokenSource tokens,
      Circuit circuit,
      Trouble trouble,
      Brake brake) {
    this.loop = loop;
    this.random = random;
    this.tokens = tokens;
    this.circuit = circuit;
    this.trouble = trouble;
    this.brake = brake;
  }

  /** Somebody's request fails, and there are no others to compare it with. */
  void want() {
    wanted = true;
  }

  boolean isWanted() {
    return wanted;
  }

  /** Whether the API was seen to answer, well or with a refusal, at that instant or later. */
  boolean wasFineSince(long instant) {
    return lastFine != null && lastFine - instant >= 0;
  }

  /** A lone caller may be the trouble itself, so every other probe is a check. */
  boolean isDue(boolean probe, int callersReady) {
    if (underWay || circuit.cause() == Cause.FORBIDDEN) {
      return false;
    }
    if (probe) {
      wasLastProbe = callersReady <= 1 && !wasLastProbe;
      return wasLastProbe;
    }
    return wanted && (last == null || loop.nanos() - last >= INTERVAL.toNanos());
  }

  void send(Attempt.Sender sender, boolean probe) {
    underWay = true;
    wanted = false;
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
      failed(attempt, Words.reason(result.cause()));
      return;
    }
    ApiResponse response = result.result();
    switch (Status.of(response.status())) {
      case SUCCESS -> fine(attempt);
      case THROTTLED -> {
        brake.holdBack(response, attempt);
        trouble.alive();
      }
      case UNAUTHORIZED -> {
        if (tokens.rejected(String.valueOf(attempt.token())) == TokenSource.Rejection.REFUSED) {
          trouble.credentialsRefused(attempt, "the API does not accept the access token");
        }
      }
      case FORBIDDEN, FINAL -> {
        trouble.stillThere(attempt);
        lastFine = loop.nanos();
        trouble.alive();
      }
      case FAILING -> failed(attempt, "it answers " + response.status());
    }
  }

  private void fine(Attempt attempt) {
    lastFine = loop.nanos();
    String token = String.valueOf(attempt.token());
    tokens.accepted(token);
    trouble.alive();
    if (circuit.cause() == Cause.CREDENTIALS && tokens.isCurrent(token)) {
      trouble.over();
    }
  }

  private void failed(Attempt attempt, String why) {
    boolean outage = circuit.failed(OWN, loop.nanos());
    if (circuit.isOpen()) {
      trouble.stillThere(attempt);
    } else if (outage) {
      trouble.begin(Cause.OUTAGE, "the API fails: " + why);
    }
  }
}
