package io.offboarder.webex;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.Circuit.Cause;
import io.offboarder.webex.Reading.UnexpectedAnswerException;
import io.vertx.core.AsyncResult;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What becomes of a request when an attempt at it has ended: an answer for its caller, or another
 * attempt. The question behind every case is whose trouble it is. A request ends badly only for
 * reasons of its own; whatever befalls everybody makes it wait.
 */
final class Verdicts {

  /**
   * A 429 is usually everybody's, so a request is charged for one only when others did well in
   * between, and then has this many times the usual attempts.
   */
  private static final int THROTTLED_ALONE_FACTOR = 3;

  private final Loop loop;
  private final RandomGenerator random;
  private final WebexSettings.Retries budget;
  private final Backoff backoff;
  private final Pseudonymizer names;
  private final TokenSource tokens;
  private final Circuit circuit;
  private final Trouble trouble;
  private final Brake brake;
  private final HealthCheck check;
  private final WaitingRoom waiting;
  private final Runnable onTokenRefused;
  private final Health health = new Health();
  private final ForbiddenWatch forbidden = new ForbiddenWatch();

  Verdicts(
      Loop loop,
      RandomGenerator random,
      WebexSettings settings,
      TokenSource tokens,
      Circuit circuit,
      Trouble trouble,
      Brake brake,
      HealthCheck check,
      WaitingRoom waiting,
      Runnable onTokenRefused) {
    this.loop = loop;
    this.random = random;
    this.budget = settings.retries();
    this.names = settings.names();
    this.backoff = new Backoff(budget.firstBackoff(), budget.maxBackoff());
    this.tokens = tokens;
    this.circuit = circuit;
    this.trouble = trouble;
    this.brake = brake;
    this.check = check;
    this.waiting = waiting;
    this.onTokenRefused = onTokenRefused;
  }

  void ended(PendingRequest<?> pending, Attempt attempt, AsyncResult<ApiResponse> result) {
    if (Attempt.isHeldBack(result)) {
      pending.unsent();
      waiting.first(pending);
    } else if (result.failed()) {
      pending.unanswered();
      failed(pending, attempt, new Words(Words.reason(result.cause()), null));
    } else {
      ApiResponse response = result.result();
      pending.answered(response.status(), response.trackingId());
      answered(pending, attempt, response);
    }
  }

  private void answered(PendingRequest<?> pending, Attempt attempt, ApiResponse response) {
    switch (Status.of(response.status())) {
      case SUCCESS -> read(pending, attempt, response);
      case THROTTLED -> throttled(pending, attempt, response);
      case UNAUTHORIZED -> unauthorized(pending, attempt, words(response, attempt));
      case FORBIDDEN -> forbidden(pending, attempt, words(response, attempt));
      case FINAL -> {
        if (response.status() == 404 || response.status() == 410) {
          letIn(pending, attempt); // What we asked for is not there, but we may ask.
        } else {
          trouble.alive();
          didWell(pending, attempt);
        }
        pending.refuse(Words.code(response.status()), words(response, attempt), loop.now());
      }
      case FAILING -> {
        Words words = words(response, attempt);
        String message = response.status() + ": " + words.message();
        failed(pending, attempt, new Words(message, words.detail()));
      }
    }
  }

  private Words words(ApiResponse response, Attempt attempt) {
    return tokens.mask(Words.of(response).without(attempt.token()));
  }

  /** For the log, and whoever asks how we are. */
  private String told(Words words, Attempt attempt) {
    String person = attempt.request().person();
    return names.text(words.line(), person == null ? List.of() : List.of(person));
  }

  private void read(PendingRequest<?> pending, Attempt attempt, ApiResponse response) {
    Runnable tell;
    try {
      tell = pending.read(response, loop.now());
    } catch (UnexpectedAnswerException e) {
      failed(pending, attempt, new Words(String.valueOf(e.getMessage()), null));
      return;
    }
    letIn(pending, attempt);
    tell.run();
  }

  /** The API did, or looked for, what was asked, for this token and this operation. */
  private void letIn(PendingRequest<?> pending, Attempt attempt) {
    Operation operation = attempt.operation();
    String token = String.valueOf(attempt.token());
    didWell(pending, attempt);
    forbidden.allowed(operation, pending.caller, loop.nanos());
    tokens.accepted(token);
    brake.hold().accepted();
    trouble.alive();
    Cause cause = circuit.cause();
    boolean cured =
        cause == Cause.CREDENTIALS || (cause == Cause.FORBIDDEN && forbidden.isLifted(operation));
    if (cured && tokens.isCurrent(token)) {
      trouble.over();
    }
  }

  /**
   * Counts for others only if it did well at once: of an API that fails now and then, those that
   * are left in the end have all failed often, among others that did well at last.
   */
  private void didWell(PendingRequest<?> pending, Attempt attempt) {
    if (pending.failures() == 0) {
      health.seen(attempt.operation(), pending.caller, true, loop.nanos());
    }
  }

  private void throttled(PendingRequest<?> pending, Attempt attempt, ApiResponse response) {
    pending.throttled();
    brake.holdBack(response, attempt);
    trouble.alive();
    if (attempt.probe() && circuit.isOpen()) {
      circuit.probeAt(brake.hold().until());
    }
    Long before = pending.throttledAt;
    pending.throttledAt = loop.nanos();
    if (before != null && health.others(attempt.operation(), pending.caller, before).areFine()) {
      pending.throttledAlone++;
    }
    if (pending.throttledAlone >= budget.maxAttempts() * THROTTLED_ALONE_FACTOR) {
      pending.refuse("attempts_exhausted", words(response, attempt), loop.now());
    } else if (pending.throttledAlone > 0) {
      waiting.last(pending);
    } else {
      waiting.first(pending);
    }
  }

  private void failed(PendingRequest<?> pending, Attempt attempt, Words words) {
    long now = loop.nanos();
    long since = pending.evidenceSince(attempt.began());
    Health.Others others = health.others(attempt.operation(), pending.caller, since);
    pending.failed(now, others.fine() > 0);
    boolean outage = false;
    if (!pending.isSuspect()) {
      health.seen(attempt.operation(), pending.caller, false, now);
      outage = circuit.failed(pending.caller, now);
    }
    if (circuit.isOpen()) {
      trouble.stillThere(attempt);
      waiting.last(pending);
      return;
    }
    boolean weakly = others.areFewOrNone() && check.wasFineSince(since);
    if (others.areFine() || (weakly && pending.isChargeDue(now))) {
      pending.charge(now - attempt.began(), now);
    }
    if (pending.isExhausted(budget)) {
      pending.refuse("attempts_exhausted", words, loop.now());
    } else if (outage) {
      trouble.begin(Cause.OUTAGE, "the API fails: " + told(words, attempt));
      waiting.last(pending);
    } else {
      if (pending.failures() >= 2 && others.fine() == 0) {
        check.want();
      }
      waiting.after(pending.backoff(backoff, random), pending);
    }
  }

  private void unauthorized(PendingRequest<?> pending, Attempt attempt, Words words) {
    Long before = pending.unauthorizedAt;
    if (before != null && othersAuthorizedSince(attempt.operation(), pending.caller, before)) {
      // The others' token is good, so this is about the request, not about us.
      failed(pending, attempt, words);
      return;
    }
    pending.unauthorizedAt = loop.nanos();
    waiting.first(pending);
    if (tokens.rejected(String.valueOf(attempt.token())) == TokenSource.Rejection.REFUSED) {
      String token = tokens.canRenew() ? "a token that it has just issued: " : "the access token: ";
      trouble.credentialsRefused(attempt, "the API answers 401 to " + token + told(words, attempt));
      onTokenRefused.run();
    } else if (attempt.probe()) {
      circuit.probeAt(loop.nanos());
    }
  }

  private boolean othersAuthorizedSince(Operation operation, Caller caller, long since) {
    return check.wasFineSince(since + 1) || health.others(operation, caller, since).fine() > 0;
  }

  private void forbidden(PendingRequest<?> pending, Attempt attempt, Words words) {
    long now = loop.nanos();
    circuit.healthy();
    switch (forbidden.judge(pending, now)) {
      case THIS_CALLER -> {
        trouble.alive();
        didWell(pending, attempt);
        pending.refuse(Words.code(403), words, loop.now());
      }
      case ASK_AGAIN -> {
        trouble.alive();
        pending.failed(now, false);
        waiting.after(backoff.bound(pending.failures() + 2), pending);
      }
      case EVERYBODY -> {
        waiting.last(pending);
        trouble.stillThere(attempt);
        trouble.begin(
            Cause.FORBIDDEN,
            "the API forbids " + attempt.request() + " to everybody: " + told(words, attempt));
      }
    }
  }
}
