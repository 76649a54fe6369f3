package io.offboarder.webex.gate;

import io.offboarder.webex.gate.Answer.CallSummary;
import io.offboarder.webex.gate.Answer.Refusal;
import io.offboarder.webex.gate.AttemptResult.Answered;
import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Operation;
import io.offboarder.webex.http.ResponseParser;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A request that a caller waits for, with what its attempts have come to so far. */
final class PendingRequest<T> {

  /** A request that failed so often while others succeeded may be the trouble itself. */
  private static final int SUSPICIOUS = 3;

  /**
   * That a look at our token goes well is weak evidence: lists may be what fails, for everybody. So
   * it counts rarely, and a request that is failed on nothing else has been given minutes.
   */
  private static final Duration BETWEEN_WEAK_CHARGES = Duration.ofSeconds(30);

  /** How far back the others' answers tell about the first failure of this one. */
  private static final Duration BEFORE_FIRST_FAILURE = Duration.ofSeconds(5);

  final RequestContext caller;
  final ApiRequest request;
  private final ResponseParser<T> parser;
  private final Promise<Answer<T>> promise = Promise.promise();

  private boolean waits;
  private int attempts;
  private int throttled;
  private HttpStatus lastStatus = HttpStatus.NONE;
  private String lastTrackingId = "";

  private int failures;
  private int failuresAlone;
  private int charged;
  private @Nullable Long lastCharge;
  private long spentNanos;
  private long lastBackoffNanos;
  private @Nullable Long lastFailure;

  /** When this request was last told 401, or to wait; null where it never was. */
  @Nullable Long unauthorizedAt;

  @Nullable Long throttledAt;
  int timesForbidden;
  int throttledAlone;

  PendingRequest(RequestContext caller, ApiRequest request, ResponseParser<T> parser) {
    this.caller = caller;
    this.request = request;
    this.parser = parser;
  }

  Future<Answer<T>> future() {
    return promise.future();
  }

  Operation operation() {
    return request.operation();
  }

  /** Attempts that were sent and have ended. */
  int attempts() {
    return attempts;
  }

  boolean isUnsent() {
    return attempts == 0;
  }

  /** Whether it may be put where requests wait: it is not over, and does not wait already. */
  boolean beginsToWait() {
    boolean begins = !waits && !promise.future().isComplete();
    waits |= begins;
    return begins;
  }

  void endsToWait() {
    waits = false;
  }

  /** An attempt was sent and is over. */
  void ended(Attempt attempt, AttemptResult result) {
    attempts++;
    lastStatus = result.status();
    lastTrackingId =
        result instanceof Answered answered
            ? answered.response().trackingId()
            : attempt.trackingId();
  }

  /** Of the last attempt's answer, if one came. */
  HttpStatus lastStatus() {
    return lastStatus;
  }

  void throttled() {
    throttled++;
  }

  /**
   * Ends well, if the answer is what the operation promises.
   *
   * @return how to tell the caller
   */
  Runnable read(ApiResponse response, Instant at) throws ResponseParser.UnexpectedAnswerException {
    T value = parser.parse(response);
    CallSummary call = exchange(at);
    return () -> complete(new Answer.Done<>(value, call));
  }

  void refuse(String code, ErrorMessage error, Instant at) {
    Refusal refusal = new Refusal(lastStatus, code, error.message(), error.detail());
    complete(new Answer.Refused<>(refusal, exchange(at)));
  }

  private void complete(Answer<T> answer) {
    caller.cancellation().begin();
    promise.tryComplete(answer);
  }

  void fail(Throwable cause) {
    promise.tryFail(cause);
  }

  private CallSummary exchange(Instant at) {
    return new CallSummary(lastStatus, lastTrackingId, attempts, throttled, at);
  }

  /** Since when the others' answers say whether the failure that just happened is ours alone. */
  long evidenceSince(long attemptBegan) {
    return lastFailure == null ? attemptBegan - BEFORE_FIRST_FAILURE.toNanos() : lastFailure;
  }

  /**
   * Counts a failure.
   *
   * @param othersDid whether the same operation succeeded for others since the last one
   */
  void failed(long now, boolean othersDid) {
    failures++;
    failuresAlone += othersDid ? 1 : 0;
    lastFailure = now;
  }

  /**
   * Whether this has failed again and again while others succeeded. It may be about the request, or
   * about an API that fails now and then; in either case its failures say nothing about how others
   * will fare.
   */
  boolean isSuspect() {
    return failuresAlone >= SUSPICIOUS;
  }

  int failures() {
    return failures;
  }

  /** Charges the failed attempt, and the wait before it, to the request's budget. */
  void charge(Duration attempt, long now) {
    charged++;
    spentNanos += attempt.toNanos() + lastBackoffNanos;
    lastCharge = now;
  }

  /** Whether weak evidence may be charged again. */
  boolean isChargeDue(long now) {
    return lastCharge == null || now - lastCharge >= BETWEEN_WEAK_CHARGES.toNanos();
  }

  boolean isExhausted(GateSettings.Retries budget) {
    return charged >= budget.maxAttempts()
        || (charged > 0 && spentNanos >= budget.maxTime().toNanos());
  }

  /** It waits so long before its next attempt. */
  void backsOff(Duration delay) {
    lastBackoffNanos = delay.toNanos();
  }

  /** Trouble that was not this request's is over: its delays begin small again. */
  void resetBackoff() {
    failures = charged;
    lastBackoffNanos = 0;
  }
}
