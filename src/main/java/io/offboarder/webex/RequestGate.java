package io.offboarder.webex;

import io.offboarder.webex.Circuit.Cause;
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
 *   <li>the {@link Hold} that the API asked for with a 429 or 423, or with a 503 that names a time;
 *   <li>the {@link Circuit}: during an outage, or while our credentials are refused, one probe now
 *       and then;
 *   <li>the {@link ConcurrencyLimit} and the {@link QuotaPace};
 *   <li>a usable access token, whose {@link TokenRenewal} is a request like any other;
 *   <li>the {@link WaitingRoom}'s turns, and last the connection pool, which asks back before it
 *       sends.
 * </ol>
 *
 * <p>A request that waits holds no place in flight. What fails is put back and waits; it ends only
 * with an answer that is its own ({@link Verdicts}).
 *
 * <p>Confined to one thread, that of its {@link Loop}; only {@link #status} may be called from any.
 */
final class RequestGate {

  private final Loop loop;
  private final RandomGenerator random;
  private final Transport transport;
  private final TokenSource tokens;
  private final GateListener listener;
  private final Hold hold;
  private final QuotaPace pace;
  private final ConcurrencyLimit limit;
  private final Brake brake;
  private final Circuit circuit;
  private final Trouble trouble;
  private final WaitingRoom waiting;
  private final TokenRenewal renewal;
  private final HealthCheck check;
  private final Verdicts verdicts;

  private int inFlight;
  private boolean probing;
  private boolean pumping;
  private boolean closed;
  private Loop.@Nullable Timer wakeUp;
  private long wakeUpAt;
  private @Nullable Long lastGoodAnswer;
  private volatile GateStatus status;

  RequestGate(
      Loop loop,
      RandomGenerator random,
      WebexSettings settings,
      Transport transport,
      TokenSource tokens,
      GateListener listener) {
    this.loop = loop;
    this.random = random;
    this.transport = transport;
    this.tokens = tokens;
    this.listener = listener;
    hold = new Hold(settings.holds(), random);
    double ceiling = settings.maxRequestsPerSecond().orElse(Double.POSITIVE_INFINITY);
    pace = new QuotaPace(ceiling, loop.nanos());
    limit = new ConcurrencyLimit(settings.maxConcurrency(), loop.nanos());
    brake = new Brake(loop, hold, pace, limit);
    waiting = new WaitingRoom(loop, random, this::pump);
    circuit = new Circuit(settings.probes(), random);
    trouble = new Trouble(loop, circuit, this::troubleOver);
    renewal = new TokenRenewal(loop, random, tokens, circuit, trouble, brake, settings);
    check = new HealthCheck(loop, random, tokens, circuit, trouble, brake);
    verdicts =
        new Verdicts(
            loop,
            random,
            settings,
            tokens,
            circuit,
            trouble,
            brake,
            check,
            waiting,
            this::tokenRefused);
    status = snapshot();
  }

  /** Answers when the API has, however long that takes; fails only when the gate is closed. */
  <T> Future<Answer<T>> submit(Caller caller, ApiRequest request, Reading<T> reading) {
    PendingRequest<T> pending = new PendingRequest<>(caller, request, reading);
    if (closed) {
      pending.fail(new ClientClosedException());
    } else {
      waiting.last(pending);
      pump();
    }
    return pending.future();
  }

  GateStatus status() {
    return status;
  }

  /** Reads the credentials again and acts on what has changed. */
  void recheckCredentials() {
    tokens
        .reread()
        .onComplete(
            read -> {
              if (read.failed() && !tokens.hasValues()) {
                String why = Words.reason(read.cause());
                trouble.begin(Cause.CREDENTIALS, "the credentials cannot be read: " + why);
              } else if (read.succeeded() && read.result()) {
                renewal.restart();
                if (circuit.cause() == Cause.CREDENTIALS) {
                  circuit.probeAt(loop.nanos());
                }
              }
              pump();
            });
  }

  /**
   * Asks the API how it is, where nobody else asks it anything and its last good answer is older
   * than that, or something is wrong.
   */
  void checkIfIdle(Duration lately) {
    Long last = lastGoodAnswer;
    boolean idle = inFlight == 0 && waiting.size() == 0;
    if (idle && (last == null || circuit.isOpen() || loop.nanos() - last >= lately.toNanos())) {
      check.want();
      pump();
    }
  }

  void close() {
    closed = true;
    if (wakeUp != null) {
      wakeUp.cancel();
    }
    waiting.removeAll().forEach(RequestGate::endClosed);
  }

  private static void endClosed(PendingRequest<?> pending) {
    pending.fail(new ClientClosedException());
  }

  /**
   * Sends what may go, once all answers that came in together are worked off, so that what they let
   * go goes out together too. One by one, each request would wake the API's side anew where that is
   * near, and cost the event loop its processor and its caches each time.
   */
  private void pump() {
    if (!pumping) {
      pumping = true;
      loop.soon(
          () -> {
            pumping = false;
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
    if (!waiting.isAnyReady() && !check.isWanted() && !tokens.isRenewalDue()) {
      return false;
    }
    if (hold.isHeld(now)) {
      return wakeUpAt(hold.until());
    }
    boolean probe = circuit.isOpen();
    if (probe && probing) {
      return false;
    }
    if (probe && circuit.nextProbe() - now > 0) {
      return wakeUpAt(circuit.nextProbe());
    }
    if (inFlight >= limit.limit()) {
      return false;
    }
    long paced = pace.next(now);
    if (paced - now > 0) {
      return wakeUpAt(paced);
    }
    return sendWithToken(probe, now);
  }

  private boolean sendWithToken(boolean probe, long now) {
    if (!tokens.hasValues()) {
      if (probe) {
        circuit.probeFailed(now); // Until the reading says otherwise.
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
    if (check.isDue(probe, waiting.callersReady())) {
      check.send(this::dispatch, probe);
      return true;
    }
    PendingRequest<?> next = probe ? waiting.nextProbe() : waiting.next();
    if (next == null) {
      return false;
    }
    if (next.isUnsent() && !next.caller.wanted().getAsBoolean()) {
      next.fail(new WithdrawnException());
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
          tell(next.caller.attempts(), attempt, number, result);
          verdicts.ended(next, attempt, result);
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
              pump();
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
    pace.sent(attempt.began());
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
              pump();
            });
  }

  /** The connection may have taken a while. */
  private boolean mayStillGo(boolean probe) {
    return !closed && !hold.isHeld(loop.nanos()) && (probe || !circuit.isOpen());
  }

  private void report(Attempt attempt, int number, AsyncResult<ApiResponse> result) {
    if (Attempt.isHeldBack(result)) {
      if (attempt.probe()) {
        circuit.probeAt(loop.nanos());
      }
      return;
    }
    int httpStatus = httpStatus(result);
    brake.learn(httpStatus, attempt.began(), inFlight + 1);
    if (result.succeeded()) {
      brake.heed(result.result());
    }
    if (attempt.token() != null && Status.of(httpStatus).letsUsIn()) {
      lastGoodAnswer = loop.nanos();
    }
    tell(listener, attempt, number, result);
  }

  private void tell(
      GateListener who, Attempt attempt, int number, AsyncResult<ApiResponse> result) {
    if (!Attempt.isHeldBack(result)) {
      Duration took = Duration.ofNanos(loop.nanos() - attempt.began());
      who.attempted(attempt.operation(), httpStatus(result), number, took);
    }
  }

  private static int httpStatus(AsyncResult<ApiResponse> result) {
    return result.succeeded() ? result.result().status() : 0;
  }

  private void tokenRefused() {
    renewal.forgetUntried();
    recheckCredentials();
  }

  private void troubleOver() {
    limit.restore(loop.nanos());
    renewal.forgetUntried();
    waiting.callBack();
    status = snapshot(); // Before anybody hears the answer that ended it.
  }

  private GateStatus snapshot() {
    return trouble.status(
        hold, inFlight, waiting.size(), limit.limit(), pace.rate(), lastGoodAnswer != null);
  }
}
