package io.offboarder.webex.gate;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.webex.gate.CircuitBreaker.Cause;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Json;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import io.offboarder.webex.loop.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks when our own token expires: the cheapest request there is, and no caller's data can make it
 * fail. It settles whether the API is down or one request is, where no other caller is there to
 * compare with.
 *
 * <p>Which scope this operation needs is not documented. So a refusal says that the API works, as a
 * success does, and nothing about our credentials. Confined to the gate's thread.
 */
final class ApiProbe implements AttemptHandler {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final TokenRenewal renewal;
  private final OutageMonitor outages;
  private boolean requested;
  private boolean wasLastProbe;
  private @Nullable Long last;
  private @Nullable Long lastAnswered;

  ApiProbe(EventLoop loop, TokenRenewal renewal, OutageMonitor outages) {
    this.loop = loop;
    this.renewal = renewal;
    this.outages = outages;
  }

  /** A request fails, and there are no others to compare it with. */
  void request() {
    requested = true;
  }

  boolean isRequested() {
    return requested;
  }

  /** Whether the API was seen to answer, well or with a refusal, at that instant or later. */
  boolean wasAnsweredSince(long instant) {
    return lastAnswered != null && lastAnswered - instant >= 0;
  }

  /**
   * Whether it should be sent now. In an outage every other probe is this one where there is a
   * single caller, whose request may be what fails, or where the API was not found yet.
   */
  boolean isDue(boolean probe, int callersReady) {
    if (outages.cause() == Cause.FORBIDDEN) {
      return false;
    }
    if (probe) {
      boolean doubtful = callersReady <= 1 || !outages.isApiFound();
      wasLastProbe = doubtful && !wasLastProbe;
      return wasLastProbe;
    }
    return requested && (last == null || loop.nanos() - last >= INTERVAL.toNanos());
  }

  /** It is on its way. */
  void sent() {
    requested = false;
    last = loop.nanos();
  }

  @Override
  public void ended(Attempt attempt, AttemptResult result) {}

  @Override
  public void succeeded(Attempt attempt, ApiResponse response) throws UnexpectedAnswerException {
    JsonNode answer = Json.parse(response.body());
    if (answer == null || !answer.isObject()) {
      throw new UnexpectedAnswerException(
          response.status() + " without a JSON object (" + response.describeBody() + ")");
    }
    lastAnswered = loop.nanos();
    outages.apiAnswered(attempt);
    renewal.accepted(attempt);
  }

  @Override
  public void throttled(Attempt attempt, ErrorMessage error) {}

  @Override
  public void unauthorized(Attempt attempt, ErrorMessage error) {
    renewal.rejected(attempt, error.oneLine());
  }

  @Override
  public void forbidden(Attempt attempt, ErrorMessage error) {
    answeredBadly(attempt);
  }

  @Override
  public void refused(Attempt attempt, HttpStatus status, ErrorMessage error) {
    answeredBadly(attempt);
  }

  private void answeredBadly(Attempt attempt) {
    outages.probeFailed(attempt); // It ends no trouble with credentials.
    lastAnswered = loop.nanos();
    outages.apiAnswered(attempt);
  }

  @Override
  public void failed(Attempt attempt, ErrorMessage error) {
    outages.ownRequestFailed(attempt, "the API fails", error.oneLine());
  }
}
