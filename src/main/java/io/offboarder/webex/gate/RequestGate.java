package io.offboarder.webex.gate;

import io.offboarder.webex.credentials.EventLoop;
import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.CircuitBreaker.Cause;
import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.ResponseParser;
import io.offboarder.webex.http.TrackingIds;
import io.offboarder.webex.http.Transport;
import io.offboarder.webex.limit.AdaptiveRateLimiter;
import io.offboarder.webex.limit.ConcurrencyLimit;
import io.offboarder.webex.limit.RetryAfterPause;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The one way to the API. Every request passes, in this order:
 *
 * <ol>
 *   <li>its own budget: attempts and time that it may fail while the API is otherwise healthy;
 *   <li>the {@link RetryAfterPause} that the API asked for with a 429 or 423, or with a 503 that
 *       names a time;
 *   <li>the {@link CircuitBreaker}: during an outage, or while our credentials are refused, one
 *       probe now and then;
 *   <li>the {@link ConcurrencyLimit} and the {@link AdaptiveRateLimiter};
 *   <li>a usable access token, whose {@link TokenRenewal} is a request like any other;
 *   <li>the {@link RequestQueue}'s turns, and last the connection pool, which asks back before it
 *       sends.
 * </ol>
 *
 * <p>A request that waits holds no place in flight. What fails is put back and waits; it ends only
 * with an answer that is its own ({@link RetryPolicy}).
 *
 * <p>Confined to one thread, that of its {@link EventLoop}; only {@link #status} may be called from
 * any.
 */
public final class RequestGate {

  private final EventLoop loop;
  private final RandomGenerator random;
  private final Transport transport;
  private final TokenSource tokens;
  private final GateListener listener;
  private final RetryAfterPause pause;
  private final AdaptiveRateLimiter rateLimiter;
  private final ConcurrencyLimit limit;
  private final Throttling throttling;
  private final CircuitBreaker circuitBreaker;
  private final OutageMonitor outages;
  private final RequestQueue queue;
  private final TokenRenewal renewal;
  private final ApiProbe apiProbe;
  private final RetryPolicy retryPolicy;

  private int inFlight;
  private boolean probing;
  private boolean flushScheduled;
  private boolean closed;
  private EventLoop.@Nullable Timer wakeUp;
  private long wakeUpAt;
  private @Nullable Long lastGoodAnswer;
  private volatile GateStatus status;

  public RequestGate(
      EventLoop loop,
      RandomGenerator random,
      GateSettings settings,
      Transport transport,
      TokenSource tokens,
      GateListener listener) {
    this.loop = loop;
    this.random = random;
    this.transport = transport;
    this.tokens = tokens;
    this.listener = listener;
    pause = new RetryAfterPause(settings.pauses(), random);
    double ceiling = settings.maxRequestsPerSecond().orElse(Double.POSITIVE_INFINITY);
    rateLimiter = new AdaptiveRateLimiter(ceiling, loop.nanos());
    limit = new ConcurrencyLimit(settings.maxConcurrency(), loop.nanos());
    throttling = new Throttling(loop, pause, rateLimiter, limit);
    queue = new RequestQueue(loop, random, this::scheduleFlush);
    circuitBreaker = new CircuitBreaker(settings.probes(), random);
    outages = new OutageMonitor(loop, circuitBreaker, this::outageEnded);
    renewal = new TokenRenewal(loop, random, tokens, circuitBreaker, outages, throttling, settings);
    apiProbe = new ApiProbe(loop, random, tokens, circuitBreaker, outages, throttling);
    retryPolicy =
        new RetryPolicy(
            loop,
            random,
            settings,
            tokens,
            circuitBreaker,
            outages,
            throttling,
            apiProbe,
            queue,
            this::tokenRefused);
    status = snapshot();
  }

  /** Answers when the API has, however long that takes; fails only when the gate is closed. */
  public <T> Future<Answer<T>> submit(
      RequestContext caller, ApiRequest request, ResponseParser<T> parser) {
    PendingRequest<T> pending = new PendingRequest<>(caller, request, parser);
    if (closed) {
      pending.fail(new ClientClosedException());
    } else {
      queue.last(pending);
      scheduleFlush();
    }
    return pending.future();
  }

  public GateStatus status() {
    return status;
  }

  /** Reads the credentials again and acts on what has changed. */
  public void recheckCredentials() {
    tokens
        .reread()
        .onComplete(
            read -> {
              if (read.failed() && !tokens.hasValues()) {
                String why = ErrorMessage.reason(read.cause());
                outages.begin(Cause.CREDENTIALS, "the credentials cannot be read: " + why);
              } else if (read.succeeded() && read.result()) {
                renewal.restart();
                if (circuitBreaker.cause() == Cause.CREDENTIALS) {
                  circuitBreaker.probeAt(loop.nanos());
                }
              }
              scheduleFlush();
            });
  }

  /**
   * Asks the API how it is, where nobody else asks it anything and its last good answer is older
   * than that, or something is wrong.
   */
  void checkIfIdle(Duration lately) {
    Long last = lastGoodAnswer;
    boolean idle = inFlight == 0 && queue.size() == 0;
    if (idle
        && (last == null || circuitBreaker.isOpen() || loop.nanos() - last >= lately.toNanos())) {
      apiProbe.request();
      scheduleFlush();
    }
  }

  public void close() {
    closed = true;
    if (wakeUp != null) {
      wakeUp.cancel();
    }
    queue.removeAll().forEach(RequestGate::endClosed);
  }

  private static void endClosed(PendingRequest<?> pending) {
    pending.fail(new ClientClosedException());
  }

  /**
   * Sends what may go, once all answers that came in together are worked off, so that what they let
   * go goes out together too. One by one, each request would wake the API's side anew where that is
   * near, and cost the event loop its processor and its caches each time.
   */
  private void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      loop.soon(
          () -> {
            flushScheduled = false;
            sendAll();
          });
    }
  }

  private void sendAll() {
    if (closed) {
      return;
    }
    boolean sent;
    do {
      sent = sendNext();
    } while (sent);
    status = snapshot();
  }

  /** Sends one request if one may go now; if time alone keeps it, wakes up in time. */
  private boolean sendNext() {
    long now = loop.nanos();
    if (!queue.isAnyReady() && !apiProbe.isRequested() && !tokens.isRenewalDue()) {
      return false;
    }
    if (pause.isActive(now)) {
      return wakeUpAt(pause.until());
    }
    boolean probe = circuitBreaker.isOpen();
    if (probe && probing) {
      return false;
    }
    if (probe && circuitBreaker.nextProbe() - now > 0) {
      return wakeUpAt(circuitBreaker.nextProbe());
    }
    if (inFlight >= limit.limit()) {
      return false;
    }
    long paced = rateLimiter.next(now);
    if (paced - now > 0) {
      return wakeUpAt(paced);
    }
    return sendWithToken(probe, now);
  }

  private boolean sendWithToken(boolean probe, long now) {
    if (!tokens.hasValues()) {
      if (probe) {
        circuitBreaker.probeFailed(now); // Until the reading says otherwise.
      }
      recheckCredentials();
      return tokens.hasValues();
    }
    if (renewal.isDue(probe)) {
      renewal.send(this::dispatch, probe);
      return true;
    }
    if (tokens.accessToken() == null) {
      Long until = renewal.putOffUntil();
      return until != null && wakeUpAt(until);
    }
    if (apiProbe.isDue(probe, queue.callersReady())) {
      apiProbe.send(this::dispatch, probe);
      return true;
    }
    PendingRequest<?> next = probe ? queue.nextProbe() : queue.next();
    if (next == null) {
      return false;
    }
    if (next.isUnsent() && next.caller.cancellation().forbidsToBegin()) {
      next.fail(new RequestCancelledException());
      return true;
    }
    String trackingId = TrackingIds.create(random);
    int number = next.sending(trackingId);
    dispatch(
        next.request,
        tokens.accessToken(),
        probe,
        trackingId,
        number,
        (attempt, result) -> {
          report(next.caller.listener(), attempt, number, result);
          retryPolicy.ended(next, attempt, result);
        },
        () -> endClosed(next));
    return true;
  }

  private boolean wakeUpAt(long instant) {
    if (wakeUp != null && wakeUpAt == instant) {
      return false;
    }
    if (wakeUp != null) {
      wakeUp.cancel();
    }
    wakeUpAt = instant;
    wakeUp =
        loop.after(
            Duration.ofNanos(Math.max(0, instant - loop.nanos())),
            () -> {
              wakeUp = null;
              scheduleFlush();
            });
    return false;
  }

  private void dispatch(
      ApiRequest request,
      @Nullable String token,
      boolean probe,
      String trackingId,
      int number,
      Attempt.End end) {
    dispatch(request, token, probe, trackingId, number, end, () -> {});
  }

  private void dispatch(
      ApiRequest request,
      @Nullable String token,
      boolean probe,
      String trackingId,
      int number,
      Attempt.End end,
      Runnable ifClosed) {
    Attempt attempt = new Attempt(request, token, probe, loop.nanos());
    inFlight++;
    probing |= probe;
    rateLimiter.sent(attempt.began());
    transport
        .send(request, trackingId, token, () -> mayStillGo(probe))
        .onComplete(
            result -> {
              inFlight--;
              probing &= !probe;
              if (closed) {
                ifClosed.run();
                return;
              }
              report(attempt, number, result);
              end.accept(attempt, result);
              scheduleFlush();
            });
  }

  /** The connection may have taken a while. */
  private boolean mayStillGo(boolean probe) {
    return !closed && !pause.isActive(loop.nanos()) && (probe || !circuitBreaker.isOpen());
  }

  private void report(Attempt attempt, int number, AsyncResult<ApiResponse> result) {
    if (Attempt.isHeldBack(result)) {
      if (attempt.probe()) {
        circuitBreaker.probeAt(loop.nanos());
      }
      return;
    }
    HttpStatus httpStatus = httpStatus(result);
    throttling.record(httpStatus, attempt.began(), inFlight + 1);
    if (result.succeeded()) {
      throttling.onUnavailable(result.result());
    }
    if (attempt.token() != null && httpStatus.statusClass().letsUsIn()) {
      lastGoodAnswer = loop.nanos();
    }
    report(listener, attempt, number, result);
  }

  private void report(
      GateListener who, Attempt attempt, int number, AsyncResult<ApiResponse> result) {
    if (!Attempt.isHeldBack(result)) {
      Duration took = Duration.ofNanos(loop.nanos() - attempt.began());
      who.attempted(attempt.operation(), httpStatus(result), number, took);
    }
  }

  private static HttpStatus httpStatus(AsyncResult<ApiResponse> result) {
    return result.succeeded() ? new HttpStatus(result.result().status()) : HttpStatus.NONE;
  }

  private void tokenRefused() {
    renewal.forgetUntried();
    recheckCredentials();
  }

  private void outageEnded() {
    limit.restore(loop.nanos());
    renewal.forgetUntried();
    queue.requeueDelayed();
    status = snapshot(); // Before anybody hears the answer that ended it.
  }

  private GateStatus snapshot() {
    return outages.status(
        pause, inFlight, queue.size(), limit.limit(), rateLimiter.rate(), lastGoodAnswer != null);
  }
}
