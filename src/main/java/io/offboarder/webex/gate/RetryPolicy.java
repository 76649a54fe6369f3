package io.offboarder.webex.gate;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.gate.CallerResults.PeerResults;
import io.offboarder.webex.gate.CircuitBreaker.Cause;
import io.offboarder.webex.gate.CircuitBreaker.Failing;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import io.offboarder.webex.limit.Backoff;
import io.offboarder.webex.loop.EventLoop;
import java.util.List;

/**
 * What becomes of a caller's request when an attempt at it has ended: an answer for the caller, or
 * another attempt. The question behind every case is whose trouble it is. A request ends badly only
 * for reasons of its own; trouble that everybody has makes it wait. Confined to the gate's thread.
 */
final class RetryPolicy {

  /**
   * A 429 is usually everybody's, so a request is charged for one only when others succeeded in
   * between, and then has this many times the usual attempts.
   */
  private static final int THROTTLED_ALONE_FACTOR = 3;

  private final EventLoop loop;
  private final GateSettings.Retries budget;
  private final Backoff backoff;
  private final Pseudonymizer names;
  private final TokenRenewal renewal;
  private final OutageMonitor outages;
  private final RequestQueue queue;
  private final ApiProbe apiProbe;
  private final CallerResults results = new CallerResults();
  private final ForbiddenClassifier forbidden = new ForbiddenClassifier();

  RetryPolicy(
      EventLoop loop,
      GateSettings settings,
      TokenRenewal renewal,
      OutageMonitor outages,
      RequestQueue queue,
      ApiProbe apiProbe) {
    this.loop = loop;
    this.budget = settings.retries();
    this.backoff = new Backoff(budget.firstBackoff(), budget.maxBackoff());
    this.names = settings.names();
    this.renewal = renewal;
    this.outages = outages;
    this.queue = queue;
    this.apiProbe = apiProbe;
  }

  /** What the attempts at a request lead to. */
  AttemptHandler of(PendingRequest<?> pending) {
    return new CallerAttempt(pending);
  }

  /** Whether nothing of its caller fails, so that its answer tells most about the API. */
  boolean isUndoubted(PendingRequest<?> pending) {
    return !results.isFailing(pending.caller);
  }

  /** For the log and for readiness, which name people as the settings say. */
  private String describe(ErrorMessage error, Attempt attempt) {
    String person = attempt.request().person();
    return names.text(error.oneLine(), person == null ? List.of() : List.of(person));
  }

  private boolean othersAuthorizedSince(PendingRequest<?> pending, long since) {
    return apiProbe.wasAnsweredSince(since + 1)
        || results.ofPeers(pending.operation(), pending.caller, since).fine() > 0;
  }

  /** The attempts at one request. */
  private final class CallerAttempt implements AttemptHandler {
    private final PendingRequest<?> pending;

    CallerAttempt(PendingRequest<?> pending) {
      this.pending = pending;
    }

    @Override
    public void ended(Attempt attempt, AttemptResult result) {
      if (result instanceof AttemptResult.HeldBack) {
        queue.first(pending);
        return;
      }
      pending.ended(attempt, result);
      attempt.report(pending.caller.listener(), result.status(), loop.nanos());
    }

    @Override
    public void succeeded(Attempt attempt, ApiResponse response) throws UnexpectedAnswerException {
      Runnable answer = pending.read(response, loop.now());
      accepted(attempt);
      answer.run();
    }

    /** The API did, or looked for, what was asked, for this token and this operation. */
    private void accepted(Attempt attempt) {
      recordSuccess();
      forbidden.allowed(attempt.operation(), pending.caller, loop.nanos());
      outages.apiAnswered(attempt);
      renewal.accepted(attempt);
      if (outages.cause() == Cause.FORBIDDEN
          && forbidden.isLifted(attempt.operation())
          && renewal.isCurrent(attempt)) {
        outages.end();
      }
    }

    /**
     * Only first-try successes count as evidence: on an API that fails now and then, the last
     * requests of a batch would look like the only ones that fail.
     */
    private void recordSuccess() {
      if (pending.failures() == 0) {
        results.record(pending.operation(), pending.caller, true, loop.nanos());
      } else {
        results.recovered(pending.operation(), pending.caller);
      }
    }

    @Override
    public void throttled(Attempt attempt, ErrorMessage error) {
      pending.throttled();
      if (attempt.probe() && outages.isOpen()) {
        outages.probeAt(loop.nanos()); // The pause says when.
      }
      Long before = pending.throttledAt;
      pending.throttledAt = loop.nanos();
      if (before != null
          && results.ofPeers(pending.operation(), pending.caller, before).areFine()) {
        pending.throttledAlone++;
      }
      if (pending.throttledAlone >= budget.maxAttempts() * THROTTLED_ALONE_FACTOR) {
        pending.refuse("attempts_exhausted", error, loop.now());
      } else if (pending.throttledAlone > 0) {
        queue.last(pending);
      } else {
        queue.first(pending);
      }
    }

    @Override
    public void failed(Attempt attempt, ErrorMessage error) {
      long now = loop.nanos();
      if (pending.lastStatus().code() == 404) {
        apiProbe.request(); // This counts as a failure only until the API was found.
      }
      long since = pending.evidenceSince(attempt.began());
      PeerResults peers = results.ofPeers(pending.operation(), pending.caller, since);
      pending.failed(now, peers.fine() > 0);
      boolean alone = results.failsAlone(pending.operation(), pending.caller);
      if (!alone && !pending.isSuspect()) {
        results.record(pending.operation(), pending.caller, false, now);
      }
      boolean outage =
          outages.recordFailure(
              pending.caller, alone ? Failing.CALLER_ALONE : Failing.CALLER, attempt);
      if (outages.isOpen()) {
        outages.probeFailed(attempt);
        queue.last(pending);
        return;
      }
      boolean weakly = peers.areFewOrNone() && apiProbe.wasAnsweredSince(since);
      if (peers.areFine() || (weakly && pending.isChargeDue(now))) {
        pending.charge(attempt.took(now), now);
      }
      if (pending.isExhausted(budget)) {
        pending.refuse("attempts_exhausted", error, loop.now());
      } else if (outage) {
        queue.last(pending);
        outages.begin(Cause.OUTAGE, "the API fails: " + describe(error, attempt));
      } else {
        if (outages.isInDoubt() || (pending.failures() >= 2 && peers.fine() == 0)) {
          apiProbe.request();
        }
        queue.afterUpTo(backoff.bound(pending.failures()), pending);
      }
    }

    @Override
    public void unauthorized(Attempt attempt, ErrorMessage error) {
      Long before = pending.unauthorizedAt;
      if (before != null && othersAuthorizedSince(pending, before)) {
        failed(attempt, error); // The token is good for others, so this is about the request.
        return;
      }
      pending.unauthorizedAt = loop.nanos();
      queue.first(pending);
      renewal.rejected(attempt, describe(error, attempt));
    }

    @Override
    public void forbidden(Attempt attempt, ErrorMessage error) {
      long now = loop.nanos();
      outages.apiForbids(attempt);
      switch (forbidden.classify(pending, now)) {
        case THIS_CALLER -> {
          outages.apiAnswered(attempt);
          recordSuccess();
          pending.refuse(ErrorMessage.code(403), error, loop.now());
        }
        case ASK_AGAIN -> {
          outages.apiAnswered(attempt);
          pending.failed(now, false);
          queue.after(backoff.bound(pending.failures() + 2), pending);
        }
        case EVERYBODY -> {
          queue.last(pending);
          outages.probeFailed(attempt);
          outages.begin(
              Cause.FORBIDDEN,
              "the API forbids "
                  + attempt.request()
                  + " to everybody: "
                  + describe(error, attempt));
        }
      }
    }

    @Override
    public void refused(Attempt attempt, HttpStatus status, ErrorMessage error) {
      if (status.code() == 404 || status.code() == 410) {
        accepted(attempt); // What we asked for is not there, but we may ask.
      } else {
        outages.apiAnswered(attempt);
        recordSuccess();
      }
      pending.refuse(ErrorMessage.code(status.code()), error, loop.now());
    }

    @Override
    public boolean isCancelled() {
      return pending.caller.cancellation().isCancelled();
    }

    @Override
    public void abandon(RequestAbandonedException why) {
      pending.fail(why);
    }
  }
}
