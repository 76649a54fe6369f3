package io.offboarder.webex;

import io.offboarder.webex.Circuit.Trouble;
import io.offboarder.webex.Reading.UnexpectedAnswerException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way to the API. Every request passes, in this order:
 *
 * <ol>
 *   <li>its own budget: attempts and time that it may fail while the API is otherwise healthy;
 *   <li>the {@link Hold} that the API asked for with a 429 or 423;
 *   <li>the {@link Circuit}: during an outage, or while our credentials are refused, one probe now
 *       and then;
 *   <li>the bound on requests in flight and the {@link QuotaPace};
 *   <li>a usable access token, whose renewal is a request like any other;
 *   <li>the {@link FairQueue}, and last the connection pool, which asks back before it sends.
 * </ol>
 *
 * <p>A request that waits holds no place in flight. What fails is put back and waits; it ends only
 * with an answer that is its own: success, a refusal of this very request, or an exhausted budget.
 *
 * <p>Confined to one thread, that of its {@link Loop}; only {@link #status} may be called from any.
 */
final class RequestGate {

  private static final Logger LOG = LoggerFactory.getLogger(RequestGate.class);

  /** After trouble, what waited out its back-off comes back within this time, not all at once. */
  private static final Duration COMEBACK = Duration.ofSeconds(1);

  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  /** The checks' own voice among the callers. */
  private static final Caller CHECK = new Caller("", Caller.Urgency.TERMINATION);

  /**
   * A 429 is usually everybody's, so a request is charged for one only when others did well in
   * between, and then has this many times the usual attempts.
   */
  private static final int THROTTLED_ALONE_FACTOR = 3;

  private final Loop loop;
  private final RandomGenerator random;
  private final WebexSettings settings;
  private final Transport transport;
  private final TokenSource tokens;
  private final GateListener listener;

  private final FairQueue<PendingRequest<?>> queue = new FairQueue<>();
  private final Map<PendingRequest<?>, Loop.Timer> delayed = new LinkedHashMap<>();
  private final Hold hold;
  private final Circuit circuit;
  private final Health health = new Health();
  private final QuotaPace pace;
  private final ConcurrencyLimit limit;
  private final Backoff backoff;
  private final ForbiddenWatch forbidden = new ForbiddenWatch();

  private int inFlight;
  private boolean probing;
  private boolean pumping;
  private boolean closed;

  private boolean renewing;
  private int renewalFailures;
  private @Nullable Long renewNotBefore;
  private boolean freshSinceRefusal;

  private boolean checkWanted;
  private boolean checking;
  private @Nullable Long lastCheck;
  private @Nullable Long lastCheckFine;

  private Loop.@Nullable Timer wakeUp;
  private long wakeUpAt;
  private Instant stateSince;
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
    this.settings = settings;
    this.transport = transport;
    this.tokens = tokens;
    this.listener = listener;
    this.hold = new Hold(settings.holds(), random);
    this.circuit = new Circuit(settings.probes(), random);
    this.pace =
        new QuotaPace(
            settings.maxRequestsPerSecond().orElse(Double.POSITIVE_INFINITY), loop.nanos());
    this.limit = new ConcurrencyLimit(settings.maxConcurrency(), loop.nanos());
    this.backoff = new Backoff(settings.retries().firstBackoff(), settings.retries().maxBackoff());
    this.stateSince = loop.now();
    this.status = snapshot();
  }

  /** Answers when the API has, however long that takes; fails only when the gate is closed. */
  <T> Future<Answer<T>> submit(Caller caller, ApiRequest request, Reading<T> reading) {
    PendingRequest<T> pending = new PendingRequest<>(caller, request, reading);
    if (closed) {
      pending.fail(new IllegalStateException("the client is closed"));
    } else {
      queue.addLast(caller, pending);
      pump();
    }
    return pending.future();
  }

  GateStatus status() {
    return status;
  }

  /** Reads the credentials again and acts on what has changed. */
  void recheckCredentials() {
    Future<Boolean> reading = tokens.reread();
    reading.onComplete(
        read -> {
          if (read.failed()) {
            if (!tokens.hasValues()) {
              credentialsRefused("credentials cannot be read: " + reason(read.cause()));
            }
          } else if (Boolean.TRUE.equals(read.result())) {
            renewNotBefore = null;
            if (circuit.trouble() == Trouble.CREDENTIALS) {
              circuit.probeAt(loop.nanos());
            }
          }
          pump();
        });
  }

  void close() {
    closed = true;
    if (wakeUp != null) {
      wakeUp.cancel();
    }
    IllegalStateException cause = new IllegalStateException("the client was closed");
    delayed.values().forEach(Loop.Timer::cancel);
    delayed.keySet().forEach(request -> request.fail(cause));
    delayed.clear();
    queue.removeAll().forEach(request -> request.fail(cause));
  }

  // ---- what may go out -------------------------------------------------------------------------

  private void pump() {
    if (pumping || closed) {
      return;
    }
    pumping = true;
    try {
      boolean sent;
      do {
        sent = sendNext();
      } while (sent);
    } finally {
      pumping = false;
    }
    status = snapshot();
  }

  private boolean sendNext() {
    long now = loop.nanos();
    if (queue.size() == 0 && !checkWanted && !tokens.isRenewalDue()) {
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
    if (pace.next(now) - now > 0) {
      return wakeUpAt(pace.next(now));
    }
    if (!tokens.hasValues()) {
      if (probe) {
        circuit.probeFailed(now); // Until the reading says otherwise.
      }
      recheckCredentials();
      return false;
    }
    if (probe && circuit.trouble() == Trouble.CREDENTIALS && !freshSinceRefusal) {
      tokens.drop();
    }
    if (tokens.accessToken() == null || tokens.isRenewalDue()) {
      if (!renewing && (renewNotBefore == null || renewNotBefore - now <= 0)) {
        renew(probe);
        return true;
      }
      if (tokens.accessToken() == null) {
        return !renewing && renewNotBefore != null && wakeUpAt(renewNotBefore);
      }
    }
    if (isCheckDue(probe)) {
      check(probe);
      return true;
    }
    PendingRequest<?> next = queue.poll();
    if (next == null) {
      return false;
    }
    send(next, probe);
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

  /**
   * A check asks for our own token's expiry: the cheapest request there is, and nobody's poison. It
   * settles whether the API is down or one request is, when nobody else is there to tell by.
   */
  private boolean isCheckDue(boolean probe) {
    if (checking || circuit.trouble() == Trouble.FORBIDDEN) {
      return false;
    }
    if (probe) {
      return queue.callers() <= 1;
    }
    return checkWanted
        && (lastCheck == null || loop.nanos() - lastCheck >= CHECK_INTERVAL.toNanos());
  }

  // ---- sending ---------------------------------------------------------------------------------

  /** One attempt under way. */
  private record Attempt(ApiRequest request, @Nullable String token, boolean probe, long began) {}

  private void dispatch(
      ApiRequest request,
      @Nullable String token,
      boolean probe,
      String trackingId,
      int attemptNumber,
      AttemptEnd end) {
    long began = loop.nanos();
    Attempt attempt = new Attempt(request, token, probe, began);
    inFlight++;
    probing |= probe;
    pace.sent(began);
    transport
        .send(request, trackingId, token, () -> mayStillGo(probe))
        .onComplete(
            result -> {
              inFlight--;
              if (probe) {
                probing = false;
              }
              if (closed) {
                end.accept(attempt, result);
                return;
              }
              if (!isHeldBack(result)) {
                int httpStatus = result.succeeded() ? result.result().status() : 0;
                learn(httpStatus, began);
                Duration took = Duration.ofNanos(loop.nanos() - began);
                listener.attempted(request.operation(), httpStatus, attemptNumber, took);
              } else if (probe) {
                circuit.probeAt(loop.nanos());
              }
              end.accept(attempt, result);
              pump();
            });
  }

  private void learn(int httpStatus, long began) {
    long now = loop.nanos();
    if (httpStatus == 0 || httpStatus == 503 || httpStatus == 504) {
      limit.strained(began, now, inFlight + 1);
    } else {
      limit.answered(began, now, inFlight + 1);
    }
    if (httpStatus != 0 && httpStatus != 429 && httpStatus != 423) {
      pace.accepted(began);
    }
  }

  /** What an attempt's end leads to. */
  private interface AttemptEnd {
    void accept(Attempt attempt, AsyncResult<ApiResponse> result);
  }

  /** The connection may have taken a while. */
  private boolean mayStillGo(boolean probe) {
    return !closed && !hold.isHeld(loop.nanos()) && (probe || !circuit.isOpen());
  }

  /** A refusal of this request: asking again would not change it. */
  private static boolean isFinal(int code) {
    return code >= 400 && code < 500 && code != 408 && code != 425;
  }

  private static boolean isHeldBack(AsyncResult<ApiResponse> result) {
    return result.cause() instanceof Transport.HeldBackException;
  }

  private void send(PendingRequest<?> pending, boolean probe) {
    String trackingId = TrackingIds.create(random);
    int number = pending.sending(trackingId);
    dispatch(
        pending.request,
        tokens.accessToken(),
        probe,
        trackingId,
        number,
        (attempt, result) -> ended(pending, attempt, result));
  }

  private void ended(PendingRequest<?> pending, Attempt attempt, AsyncResult<ApiResponse> result) {
    if (closed) {
      pending.fail(new IllegalStateException("the client was closed"));
    } else if (isHeldBack(result)) {
      pending.unsent();
      queue.addFirst(pending.caller, pending);
    } else if (result.failed()) {
      pending.unanswered();
      failed(pending, attempt, new Words(reason(result.cause()), null));
    } else {
      ApiResponse response = result.result();
      pending.answered(response.status(), response.trackingId());
      answered(pending, attempt, response);
    }
  }

  private void answered(PendingRequest<?> pending, Attempt attempt, ApiResponse response) {
    int code = response.status();
    if (code >= 200 && code < 300) {
      try {
        Runnable tell = pending.read(response, loop.now());
        succeeded(attempt, pending.caller);
        tell.run();
      } catch (UnexpectedAnswerException e) {
        failed(pending, attempt, new Words(String.valueOf(e.getMessage()), null));
      }
    } else if (code == 429 || code == 423) {
      throttled(pending, attempt, response);
    } else if (code == 401) {
      unauthorized(pending, attempt, words(response, attempt));
    } else if (code == 403) {
      forbidden(pending, attempt, words(response, attempt));
    } else if (isFinal(code)) {
      if (code == 404 || code == 410) {
        succeeded(attempt, pending.caller); // We were let in, and what we asked for is not there.
      } else {
        alive();
        health.seen(attempt.request().operation(), pending.caller, true, loop.nanos());
      }
      pending.refuse(Words.code(code), words(response, attempt), loop.now());
    } else {
      failed(pending, attempt, statusWords(response, attempt));
    }
  }

  private void succeeded(Attempt attempt, Caller caller) {
    long now = loop.nanos();
    Operation operation = attempt.request().operation();
    health.seen(operation, caller, true, now);
    forbidden.allowed(operation, caller, now);
    if (attempt.token() != null) {
      tokens.accepted(attempt.token());
    }
    hold.accepted();
    circuit.healthy();
    boolean current = attempt.token() != null && tokens.isCurrent(attempt.token());
    Trouble trouble = circuit.trouble();
    if (trouble == Trouble.OUTAGE
        || (trouble == Trouble.CREDENTIALS && current)
        || (trouble == Trouble.FORBIDDEN && current && forbidden.isLifted(operation))) {
      closeCircuit();
    }
  }

  /** The API works, whatever it answered. */
  private void alive() {
    circuit.healthy();
    if (circuit.trouble() == Trouble.OUTAGE) {
      closeCircuit();
    }
  }

  private void throttled(PendingRequest<?> pending, Attempt attempt, ApiResponse response) {
    long now = loop.nanos();
    pending.throttled();
    holdBack(response, attempt);
    alive();
    if (attempt.probe() && circuit.isOpen()) {
      circuit.probeAt(hold.until());
    }
    Long before = pending.throttledAt;
    pending.throttledAt = now;
    if (before != null
        && health.others(pending.request.operation(), pending.caller, before).areFine()) {
      pending.throttledAlone++;
    }
    int budget = settings.retries().maxAttempts() * THROTTLED_ALONE_FACTOR;
    if (pending.throttledAlone >= budget) {
      pending.refuse("attempts_exhausted", words(response, attempt), loop.now());
    } else if (pending.throttledAlone > 0) {
      queue.addLast(pending.caller, pending);
    } else {
      queue.addFirst(pending.caller, pending);
    }
  }

  private void holdBack(ApiResponse response, Attempt attempt) {
    boolean heldBefore = hold.isHeld(loop.nanos());
    Duration named = RetryAfter.parse(response.retryAfter(), loop.now());
    Duration wait = hold.begin(named, loop.nanos());
    if (response.status() == 429) {
      pace.throttled(attempt.began(), loop.nanos(), hold.until());
    }
    if (!heldBefore) {
      LOG.debug("the API answered {}: nothing goes out for {}", response.status(), wait);
    }
  }

  private void failed(PendingRequest<?> pending, Attempt attempt, Words words) {
    long now = loop.nanos();
    Operation operation = attempt.request().operation();
    health.seen(operation, pending.caller, false, now);
    boolean outage = circuit.failed(now);
    long since = pending.evidenceSince(attempt.began());
    pending.failed(now);
    if (circuit.isOpen()) {
      if (attempt.probe()) {
        circuit.probeFailed(now);
      }
      queue.addLast(pending.caller, pending);
      return;
    }
    Health.Others others = health.others(operation, pending.caller, since);
    boolean checkedFine = lastCheckFine != null && lastCheckFine - since >= 0;
    if (others.areFine() || (others.areFewOrNone() && checkedFine)) {
      pending.charge(now - attempt.began());
    }
    if (pending.isExhausted(settings.retries())) {
      pending.refuse("attempts_exhausted", words, loop.now());
    } else if (outage) {
      openCircuit(Trouble.OUTAGE, "the API fails: " + words.line());
      queue.addLast(pending.caller, pending);
    } else {
      checkWanted |= pending.failures() >= 2 && others.fine() == 0;
      delay(pending);
    }
  }

  private void delay(PendingRequest<?> pending) {
    Duration delay = pending.backoff(backoff, random);
    delayed.put(pending, loop.after(delay, () -> comeBack(pending)));
  }

  private void comeBack(PendingRequest<?> pending) {
    if (delayed.remove(pending) != null) {
      queue.addLast(pending.caller, pending);
      pump();
    }
  }

  private void unauthorized(PendingRequest<?> pending, Attempt attempt, Words words) {
    long now = loop.nanos();
    String token = java.util.Objects.requireNonNull(attempt.token());
    Long before = pending.unauthorizedAt;
    if (before != null && othersAuthorizedSince(pending, before)) {
      // The others' token is good, so this is about the request, not about us.
      failed(pending, attempt, words);
      return;
    }
    pending.unauthorizedAt = now;
    queue.addFirst(pending.caller, pending);
    switch (tokens.rejected(token)) {
      case STALE, RENEW -> {
        if (attempt.probe()) {
          circuit.probeAt(now);
        }
      }
      case REFUSED -> {
        freshSinceRefusal = false;
        refused(
            attempt,
            tokens.canRenew()
                ? "the API answers 401 to a token it has just issued: " + words.line()
                : "the API does not accept the access token: " + words.line());
        recheckCredentials();
      }
    }
  }

  private boolean othersAuthorizedSince(PendingRequest<?> pending, long since) {
    return (lastCheckFine != null && lastCheckFine - since > 0)
        || health.others(pending.request.operation(), pending.caller, since).fine() > 0;
  }

  private void forbidden(PendingRequest<?> pending, Attempt attempt, Words words) {
    long now = loop.nanos();
    circuit.healthy();
    switch (forbidden.judge(pending, now)) {
      case THIS_CALLER -> {
        alive();
        health.seen(attempt.request().operation(), pending.caller, true, now);
        pending.refuse(Words.code(403), words, loop.now());
      }
      case ASK_AGAIN -> {
        alive();
        pending.failed(now);
        delay(pending);
      }
      case EVERYBODY -> {
        queue.addLast(pending.caller, pending);
        if (circuit.trouble() == Trouble.FORBIDDEN) {
          if (attempt.probe()) {
            circuit.probeFailed(now);
          }
        } else {
          openCircuit(
              Trouble.FORBIDDEN,
              "the API forbids " + attempt.request() + " to everybody: " + words.line());
        }
      }
    }
  }

  // ---- trouble begins and ends -----------------------------------------------------------------

  private void refused(Attempt attempt, String why) {
    if (attempt.probe() && circuit.isOpen()) {
      circuit.probeFailed(loop.nanos());
    }
    credentialsRefused(why);
  }

  private void credentialsRefused(String why) {
    openCircuit(Trouble.CREDENTIALS, why);
  }

  private void openCircuit(Trouble trouble, String words) {
    if (circuit.trouble() == trouble) {
      return;
    }
    stateSince = loop.now();
    circuit.open(trouble, words, loop.nanos());
    switch (trouble) {
      case OUTAGE ->
          LOG.warn("{}; all requests wait, one now and then goes out to see", circuit.words());
      case CREDENTIALS ->
          LOG.error(
              "{}; all requests wait; replace the credentials (no restart is needed where they are"
                  + " in files)",
              circuit.words());
      case FORBIDDEN ->
          LOG.error(
              "{}; all requests wait; the token needs the scopes identity:tokens_read and"
                  + " identity:tokens_write and the role of a full, user or device admin",
              circuit.words());
    }
  }

  private void closeCircuit() {
    if (!circuit.isOpen()) {
      return;
    }
    LOG.info("the API answers again, {} after: {}", sinceState(), circuit.words());
    circuit.close();
    limit.restore();
    stateSince = loop.now();
    freshSinceRefusal = false;
    delayed.replaceAll(
        (pending, timer) -> {
          timer.cancel();
          pending.forgive();
          Duration soon = Duration.ofNanos((long) (COMEBACK.toNanos() * random.nextDouble()));
          return loop.after(soon, () -> comeBack(pending));
        });
  }

  private Duration sinceState() {
    return Duration.between(stateSince, loop.now())
        .truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
  }

  // ---- the gate's own requests -----------------------------------------------------------------

  private void renew(boolean probe) {
    renewing = true;
    dispatch(
        tokens.renewal(),
        null,
        probe,
        TrackingIds.create(random),
        renewalFailures + 1,
        (attempt, result) -> {
          renewing = false;
          if (closed || isHeldBack(result)) {
            return;
          }
          if (result.failed()) {
            renewalFailed(attempt, new Words(reason(result.cause()), null));
            return;
          }
          ApiResponse response = result.result();
          int code = response.status();
          if (code == 429 || code == 423) {
            holdBack(response, attempt);
            alive();
          } else if (code >= 200 && code < 300) {
            renewed(attempt, response);
          } else if (isFinal(code)) {
            renewalRefused(attempt, response);
          } else {
            renewalFailed(attempt, statusWords(response, attempt));
          }
        });
  }

  private void renewed(Attempt attempt, ApiResponse response) {
    try {
      tokens.renewed(TokenSource.Issued.read(response));
    } catch (UnexpectedAnswerException e) {
      renewalFailed(attempt, new Words(String.valueOf(e.getMessage()), null));
      return;
    }
    renewalFailures = 0;
    renewNotBefore = null;
    alive();
    if (circuit.isOpen()) {
      freshSinceRefusal = true;
      circuit.probeAt(loop.nanos());
    }
  }

  private void renewalRefused(Attempt attempt, ApiResponse response) {
    alive();
    renewNotBefore = loop.nanos() + settings.probes().longest().toNanos();
    String why =
        "the API refuses to renew the access token: " + statusWords(response, attempt).line();
    if (tokens.accessToken() != null) {
      LOG.warn("{}; the token in use is good for a little longer", why);
      return;
    }
    renewNotBefore = null; // The circuit's probes take over.
    refused(attempt, why);
  }

  private void renewalFailed(Attempt attempt, Words words) {
    long now = loop.nanos();
    renewalFailures++;
    renewNotBefore = now + backoff.delay(renewalFailures, random).toNanos();
    boolean outage = circuit.failed(now);
    if (circuit.isOpen()) {
      renewNotBefore = null;
      if (attempt.probe()) {
        circuit.probeFailed(now);
      }
    } else if (outage) {
      renewNotBefore = null;
      openCircuit(Trouble.OUTAGE, "the API fails to renew the access token: " + words.line());
    }
  }

  private void check(boolean probe) {
    checking = true;
    checkWanted = false;
    lastCheck = loop.nanos();
    dispatch(
        ApiRequest.tokenExpiry(),
        tokens.accessToken(),
        probe,
        TrackingIds.create(random),
        1,
        (attempt, result) -> {
          checking = false;
          if (!closed && !isHeldBack(result)) {
            checked(attempt, result);
          }
        });
  }

  private void checked(Attempt attempt, AsyncResult<ApiResponse> result) {
    long now = loop.nanos();
    int code = result.succeeded() ? result.result().status() : 0;
    if (code == 429 || code == 423) {
      holdBack(result.result(), attempt);
      alive();
    } else if (code == 401) {
      String token = java.util.Objects.requireNonNull(attempt.token());
      if (tokens.rejected(token) == TokenSource.Rejection.REFUSED) {
        freshSinceRefusal = false;
        refused(attempt, "the API does not accept the access token");
      }
    } else if ((code >= 200 && code < 300) || isFinal(code)) {
      // Even a refusal shows that the API works: which scope this operation needs is not
      // documented.
      lastCheckFine = now;
      succeeded(attempt, CHECK);
    } else if (circuit.isOpen()) {
      if (attempt.probe()) {
        circuit.probeFailed(now);
      }
    } else if (circuit.failed(now)) {
      String why =
          result.succeeded()
              ? statusWords(result.result(), attempt).line()
              : reason(result.cause());
      openCircuit(Trouble.OUTAGE, "the API fails: " + why);
    }
  }

  // ---- words -----------------------------------------------------------------------------------

  private Words words(ApiResponse response, Attempt attempt) {
    return tokens.mask(Words.of(response).without(attempt.token()));
  }

  private Words statusWords(ApiResponse response, Attempt attempt) {
    Words words = words(response, attempt);
    return new Words(response.status() + ": " + words.message(), words.detail());
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    String text = message == null ? cause.getClass().getSimpleName() : message;
    return Words.shortened(text, 200);
  }

  private GateStatus snapshot() {
    long now = loop.nanos();
    Trouble trouble = circuit.trouble();
    boolean held = hold.isHeld(now);
    GateStatus.State state;
    String words;
    if (trouble == Trouble.OUTAGE) {
      state = GateStatus.State.OUTAGE;
      words = circuit.words();
    } else if (trouble != null) {
      state = GateStatus.State.CREDENTIALS_REFUSED;
      words = circuit.words();
    } else if (held) {
      state = GateStatus.State.HELD;
      words = "the API asked for a pause";
    } else {
      state = GateStatus.State.OPEN;
      words = "requests go out";
    }
    return new GateStatus(
        state,
        words,
        stateSince,
        held ? loop.now().plusNanos(hold.until() - now) : null,
        inFlight,
        queue.size() + delayed.size(),
        limit.limit(),
        pace.rate());
  }
}
