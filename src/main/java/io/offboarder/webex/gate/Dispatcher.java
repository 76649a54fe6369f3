package io.offboarder.webex.gate;

import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.AttemptResult.Answered;
import io.offboarder.webex.gate.AttemptResult.HeldBack;
import io.offboarder.webex.gate.AttemptResult.NoAnswer;
import io.offboarder.webex.gate.CircuitBreaker.Cause;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Operation;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import io.offboarder.webex.http.SecretMask;
import io.offboarder.webex.http.StatusClass;
import io.offboarder.webex.http.Transport;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends attempts and hands each result to the handler that it concerns. The one place that tells
 * the kinds of answers apart. Confined to the gate's thread.
 */
final class Dispatcher {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final ErrorMessage FAULT =
      new ErrorMessage("a fault of Offboarder; its log says more", null);

  private static final String NOWHERE =
      "nothing of the API is found at webex.base-url (404); its path may be wrong";

  private final Transport transport;
  private final TokenSource tokens;
  private final Throttling throttling;
  private final OutageMonitor outages;
  private final GateListener listener;
  private final WakeUp wakeUp;
  private final Map<AttemptHandler, Attempt> underWay = new LinkedHashMap<>();
  private boolean closed;
  private boolean probing;
  private boolean letIn;
  private long letInAt;
  private long answeredAt;

  Dispatcher(
      Transport transport,
      TokenSource tokens,
      Throttling throttling,
      OutageMonitor outages,
      GateListener listener,
      WakeUp wakeUp) {
    this.transport = transport;
    this.tokens = tokens;
    this.throttling = throttling;
    this.outages = outages;
    this.listener = listener;
    this.wakeUp = wakeUp;
    this.answeredAt = wakeUp.now();
  }

  void send(Attempt attempt, AttemptHandler handler) {
    probing |= attempt.probe();
    underWay.put(handler, attempt);
    throttling.sent(attempt.began());
    answer(attempt)
        .onComplete(
            result -> {
              probing &= !attempt.probe();
              underWay.remove(handler, attempt);
              try {
                ended(
                    attempt,
                    handler,
                    AttemptResult.of(result, attempt.trackingId(), () -> mask(attempt)));
              } finally {
                wakeUp.soon();
              }
            });
  }

  private Future<ApiResponse> answer(Attempt attempt) {
    try {
      return transport.send(
          attempt.request(), attempt.trackingId(), attempt.token(), () -> mayStillGo(attempt));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Opening the connection may have taken a while. */
  private boolean mayStillGo(Attempt attempt) {
    return !closed
        && !throttling.isStopped()
        && !throttling.isPaused()
        && (attempt.probe() || !outages.isOpen());
  }

  private void ended(Attempt attempt, AttemptHandler handler, AttemptResult result) {
    throttling.ended(attempt, result);
    if (closed) {
      return;
    }
    if (result instanceof Answered) {
      answeredAt = wakeUp.now();
    }
    if (attempt.token() != null
        && result instanceof Answered answered
        && !isNowhere(result.status())
        && meaning(attempt, answered.response()).letsUsIn()) {
      letIn = true;
      letInAt = wakeUp.now();
    }
    if (!(result instanceof HeldBack)) {
      attempt.report(listener, result.status(), wakeUp.now());
    }
    try {
      handler.ended(attempt, result);
      dispatch(attempt, handler, result);
    } catch (RuntimeException e) {
      LOG.error(
          "a fault of Offboarder while it handled an answer to {}; counted as a failed attempt",
          attempt.request(),
          e);
      handler.failed(attempt, FAULT);
    }
  }

  private void dispatch(Attempt attempt, AttemptHandler handler, AttemptResult result) {
    if (result instanceof Answered answered) {
      answered(attempt, handler, answered.response());
    } else if (result instanceof NoAnswer none) {
      handler.failed(attempt, new ErrorMessage(none.reason(), null));
    } else if (attempt.probe()) {
      outages.probeAt(wakeUp.now()); // It was held back; another will do.
    }
  }

  private void answered(Attempt attempt, AttemptHandler handler, ApiResponse response) {
    HttpStatus status = new HttpStatus(response.status());
    if (isNowhere(status)) {
      foundNowhere(attempt, handler, error(attempt, response));
      return;
    }
    StatusClass meaning = meaning(attempt, response);
    switch (meaning) {
      case SUCCESS -> {
        try {
          handler.succeeded(attempt, response);
          outages.apiFound();
        } catch (UnexpectedAnswerException e) {
          handler.failed(attempt, new ErrorMessage(ErrorMessage.reason(e, mask(attempt)), null));
        }
      }
      case THROTTLED -> {
        throttling.throttled(attempt, response);
        outages.apiAnswered(attempt);
        handler.throttled(attempt, error(attempt, response));
      }
      case UNAUTHORIZED -> handler.unauthorized(attempt, error(attempt, response));
      case FORBIDDEN -> {
        outages.apiFound();
        handler.forbidden(attempt, error(attempt, response));
      }
      case FINAL -> handler.refused(attempt, status, error(attempt, response));
      case FAILING -> {
        ErrorMessage error = error(attempt, response);
        String whose = meaning == status.statusClass() ? "" : ", which is not the API's own error";
        String message = status + whose + ": " + error.message();
        handler.failed(attempt, new ErrorMessage(message, error.detail()));
      }
    }
  }

  /** A refused renewal is in RFC 6749's form, and says nothing about anybody. */
  private static StatusClass meaning(Attempt attempt, ApiResponse response) {
    return attempt.operation() == Operation.REFRESH
        ? StatusClass.of(response.status())
        : response.statusClass();
  }

  private void foundNowhere(Attempt attempt, AttemptHandler handler, ErrorMessage error) {
    if (attempt.operation() == Operation.TOKEN_EXPIRY) {
      outages.begin(Cause.OUTAGE, NOWHERE);
    }
    handler.failed(attempt, error);
  }

  /**
   * Whether it may be the path of our base URL that is unknown there, and not what we asked for.
   */
  private boolean isNowhere(HttpStatus status) {
    return status.code() == 404 && !outages.isApiFound();
  }

  private ErrorMessage error(Attempt attempt, ApiResponse response) {
    return ErrorMessage.of(response, mask(attempt));
  }

  private SecretMask mask(Attempt attempt) {
    return tokens.mask(attempt.token());
  }

  /** Whether an attempt is under way that tells if trouble is over. */
  boolean isProbing() {
    return probing;
  }

  boolean isUnderWay(AttemptHandler handler) {
    return underWay.containsKey(handler);
  }

  /** Whether the API has accepted our token at least once, this one or an earlier one. */
  boolean wasLetIn() {
    return letIn;
  }

  /** Whether the API let us in within that time. */
  boolean wasLetInWithin(Duration time) {
    return letIn && wakeUp.now() - letInAt < time.toNanos();
  }

  /**
   * What waits for an answer; null while nothing does.
   *
   * @param at the present
   */
  GateStatus.@Nullable Unanswered unanswered(Instant at) {
    if (underWay.isEmpty()) {
      return null;
    }
    long now = wakeUp.now();
    long oldest = underWay.values().iterator().next().began();
    long since = Math.max(oldest - now, answeredAt - now);
    return new GateStatus.Unanswered(at.plusNanos(oldest - now), at.plusNanos(since));
  }

  /** Ends what was cancelled and has been under way for longer than that. */
  void abandonCancelled(Duration after) {
    long now = wakeUp.now();
    underWay.forEach(
        (handler, attempt) -> {
          if (attempt.took(now).compareTo(after) > 0 && handler.isCancelled()) {
            handler.abandon(new RequestCancelledException());
          }
        });
  }

  /** Ends everything that is under way; the answers are not looked at. */
  void close() {
    closed = true;
    underWay.keySet().forEach(handler -> handler.abandon(new ClientClosedException()));
    underWay.clear();
  }
}
