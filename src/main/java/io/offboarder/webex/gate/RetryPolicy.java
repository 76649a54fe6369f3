package io.offboarder.webex.gate;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.credentials.EventLoop;
import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.CircuitBreaker.Cause;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.Operation;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import io.offboarder.webex.http.StatusClass;
import io.offboarder.webex.limit.Backoff;
import io.vertx.core.AsyncResult;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What becomes of a request when an attempt at it has ended: an answer for its caller, or another
 * attempt. The question behind every case is whose trouble it is. A request ends badly only for
 * reasons of its own; whatever befalls everybody makes it wait.
 */
final class RetryPolicy {

  /**
   * A 429 is usually everybody's, so a request is charged for one only when others did well in
   * between, and then has this many times the usual attempts.
   */
  private static final int THROTTLED_ALONE_FACTOR = 3;

  private final EventLoop loop;
  private final RandomGenerator random;
  private final GateSettings.Retries budget;
  private final Backoff backoff;
  private final Pseudonymizer names;
  private final TokenSource tokens;
  private final CircuitBreaker circuitBreaker;
  private final OutageMonitor outages;
  private final Throttling throttling;
  private final ApiProbe apiProbe;
  private final RequestQueue queue;
  private final Runnable onTokenRefused;
  private final CallerResults results = new CallerResults();
  private final ForbiddenClassifier forbidden = new ForbiddenClassifier();

  RetryPolicy(
      EventLoop loop,
      RandomGenerator random,
      GateSettings settings,
      TokenSource tokens,
      CircuitBreaker circuitBreaker,
      OutageMonitor outages,
      Throttling throttling,
      ApiProbe apiProbe,
      RequestQueue queue,
      Runnable onTokenRefused) {
    this.loop = loop;
    this.random = random;
    this.budget = settings.retries();
    this.names = settings.names();
    this.backoff = new Backoff(budget.firstBackoff(), budget.maxBackoff());
    this.tokens = tokens;
    this.circuitBreaker = circuitBreaker;
    this.outages = outages;
    this.throttling = throttling;
    this.apiProbe = apiProbe;
    this.queue = queue;
    this.onTokenRefused = onTokenRefused;
  }

  void ended(PendingRequest<?> pending, Attempt attempt, AsyncResult<ApiResponse> result) {
    if (Attempt.isHeldBack(result)) {
      pending.unsent();
      queue.first(pending);
    } else if (result.failed()) {
      pending.unanswered();
      failed(pending, attempt, new ErrorMessage(ErrorMessage.reason(result.cause()), null));
    } else {
      ApiResponse response = result.result();
      pending.answered(response.status(), response.trackingId());
      answered(pending, attempt, response);
    }
  }

  private void answered(PendingRequest<?> pending, Attempt attempt, ApiResponse response) {
    switch (StatusClass.of(response.status())) {
      case SUCCESS -> read(pending, attempt, response);
      case THROTTLED -> throttled(pending, attempt, response);
      case UNAUTHORIZED -> unauthorized(pending, attempt, errorMessage(response, attempt));
      case FORBIDDEN -> forbidden(pending, attempt, errorMessage(response, attempt));
      case FINAL -> {
        if (response.status() == 404 || response.status() == 410) {
          onAccepted(pending, attempt); // What we asked for is not there, but we may ask.
        } else {
          outages.apiAnswered();
          recordSuccess(pending, attempt);
        }
        pending.refuse(
            ErrorMessage.code(response.status()), errorMessage(response, attempt), loop.now());
      }
      case FAILING -> {
        ErrorMessage error = errorMessage(response, attempt);
        String message = response.status() + ": " + error.message();
        failed(pending, attempt, new ErrorMessage(message, error.detail()));
      }
    }
  }

  private ErrorMessage errorMessage(ApiResponse response, Attempt attempt) {
    return tokens.mask(ErrorMessage.of(response).without(attempt.token()));
  }

  /** For the log, and whoever asks how we are. */
  private String describe(ErrorMessage error, Attempt attempt) {
    String person = attempt.request().person();
    return names.text(error.oneLine(), person == null ? List.of() : List.of(person));
  }

  private void read(PendingRequest<?> pending, Attempt attempt, ApiResponse response) {
    Runnable tell;
    try {
      tell = pending.read(response, loop.now());
    } catch (UnexpectedAnswerException e) {
      failed(pending, attempt, new ErrorMessage(String.valueOf(e.getMessage()), null));
      return;
    }
    onAccepted(pending, attempt);
    tell.run();
  }

  /** The API did, or looked for, what was asked, for this token and this operation. */
  private void onAccepted(PendingRequest<?> pending, Attempt attempt) {
    Operation operation = attempt.operation();
    String token = String.valueOf(attempt.token());
    recordSuccess(pending, attempt);
    forbidden.allowed(operation, pending.caller, loop.nanos());
    tokens.accepted(token);
    throttling.pause().accepted();
    outages.apiAnswered();
    Cause cause = circuitBreaker.cause();
    boolean cured =
        cause == Cause.CREDENTIALS || (cause == Cause.FORBIDDEN && forbidden.isLifted(operation));
    if (cured && tokens.isCurrent(token)) {
      outages.end();
    }
  }

  /**
   * Counts for others only if it did well at once: of an API that fails now and then, those that
   * are left in the end have all failed often, among others that did well at last.
   */
  private void recordSuccess(PendingRequest<?> pending, Attempt attempt) {
    if (pending.failures() == 0) {
      results.record(attempt.operation(), pending.caller, true, loop.nanos());
    }
  }

  private void throttled(PendingRequest<?> pending, Attempt attempt, ApiResponse response) {
    pending.throttled();
    throttling.onThrottled(response, attempt);
    outages.apiAnswered();
    if (attempt.probe() && circuitBreaker.isOpen()) {
      circuitBreaker.probeAt(throttling.pause().until());
    }
    Long before = pending.throttledAt;
    pending.throttledAt = loop.nanos();
    if (before != null && results.ofPeers(attempt.operation(), pending.caller, before).areFine()) {
      pending.throttledAlone++;
    }
    if (pending.throttledAlone >= budget.maxAttempts() * THROTTLED_ALONE_FACTOR) {
      pending.refuse("attempts_exhausted", errorMessage(response, attempt), loop.now());
    } else if (pending.throttledAlone > 0) {
      queue.last(pending);
    } else {
      queue.first(pending);
    }
  }

  private void failed(PendingRequest<?> pending, Attempt attempt, ErrorMessage error) {
    long now = loop.nanos();
    long since = pending.evidenceSince(attempt.began());
    CallerResults.PeerResults peers = results.ofPeers(attempt.operation(), pending.caller, since);
    pending.failed(now, peers.fine() > 0);
    boolean outage = false;
    if (!pending.isSuspect()) {
      results.record(attempt.operation(), pending.caller, false, now);
      outage = circuitBreaker.recordFailure(pending.caller, now);
    }
    if (circuitBreaker.isOpen()) {
      outages.probeFailed(attempt);
      queue.last(pending);
      return;
    }
    boolean weakly = peers.areFewOrNone() && apiProbe.wasFineSince(since);
    if (peers.areFine() || (weakly && pending.isChargeDue(now))) {
      pending.charge(now - attempt.began(), now);
    }
    if (pending.isExhausted(budget)) {
      pending.refuse("attempts_exhausted", error, loop.now());
    } else if (outage) {
      outages.begin(Cause.OUTAGE, "the API fails: " + describe(error, attempt));
      queue.last(pending);
    } else {
      if (pending.failures() >= 2 && peers.fine() == 0) {
        apiProbe.request();
      }
      queue.after(pending.backoff(backoff, random), pending);
    }
  }

  private void unauthorized(PendingRequest<?> pending, Attempt attempt, ErrorMessage error) {
    Long before = pending.unauthorizedAt;
    if (before != null && othersAuthorizedSince(attempt.operation(), pending.caller, before)) {
      // The others' token is good, so this is about the request, not about us.
      failed(pending, attempt, error);
      return;
    }
    pending.unauthorizedAt = loop.nanos();
    queue.first(pending);
    if (tokens.rejected(String.valueOf(attempt.token())) == TokenSource.Rejection.REFUSED) {
      String token = tokens.canRenew() ? "a token that it has just issued: " : "the access token: ";
      outages.credentialsRefused(
          attempt, "the API answers 401 to " + token + describe(error, attempt));
      onTokenRefused.run();
    } else if (attempt.probe()) {
      circuitBreaker.probeAt(loop.nanos());
    }
  }

  private boolean othersAuthorizedSince(Operation operation, RequestContext caller, long since) {
    return apiProbe.wasFineSince(since + 1) || results.ofPeers(operation, caller, since).fine() > 0;
  }

  private void forbidden(PendingRequest<?> pending, Attempt attempt, ErrorMessage error) {
    long now = loop.nanos();
    circuitBreaker.recordSuccess();
    switch (forbidden.classify(pending, now)) {
      case THIS_CALLER -> {
        outages.apiAnswered();
        recordSuccess(pending, attempt);
        pending.refuse(ErrorMessage.code(403), error, loop.now());
      }
      case ASK_AGAIN -> {
        outages.apiAnswered();
        pending.failed(now, false);
        queue.after(backoff.bound(pending.failures() + 2), pending);
      }
      case EVERYBODY -> {
        queue.last(pending);
        outages.probeFailed(attempt);
        outages.begin(
            Cause.FORBIDDEN,
            "the API forbids " + attempt.request() + " to everybody: " + describe(error, attempt));
      }
    }
  }
}
