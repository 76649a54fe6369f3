package io.offboarder.webex.gate;

import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.ResponseParser;
import io.offboarder.webex.http.TrackingIds;
import io.offboarder.webex.http.Transport;
import io.offboarder.webex.loop.EventLoop;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The one way to the API. Before a request goes out, the gate asks in this order:
 *
 * <ol>
 *   <li>Has a person paused the service?
 *   <li>Does the API want a pause, named with a 429, a 423 or a 503?
 *   <li>Is there an outage, or are our credentials refused? Then only a probe goes now and then.
 *   <li>May one more request be in flight?
 *   <li>May an outage just have begun? Then requests go slowly, until those in flight tell more.
 *   <li>Does the learned rate allow it now?
 *   <li>Is there a usable access token? If not, its {@link TokenRenewal} goes first.
 *   <li>Whose turn is it in the {@link RequestQueue}?
 *   <li>When the connection is there: do 1 to 3 still hold?
 * </ol>
 *
 * <p>After an attempt, the {@link RetryPolicy} says what becomes of the request: an answer, or
 * another attempt. The request's own budget of attempts and time is looked at there. A request that
 * waits holds no place in flight.
 *
 * <p>Each part knows only the parts that are made before it. Confined to one thread, that of its
 * {@link EventLoop}; only {@link #status} may be called from any.
 */
public final class RequestGate {

  /**
   * Time between requests while an outage may just have begun. Those in flight will tell; more
   * requests would only add to an outage.
   */
  private static final Duration SUSPECTED = Duration.ofMillis(100);

  /** A shorter pause is worth the wait even to those who want to stop. */
  private static final Duration LONG_PAUSE = Duration.ofMillis(1500);

  /** How long those who want to stop wait for an answer when trouble has begun. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  /** How often those who wait are asked whether they still do. */
  private static final Duration CANCELLED_INTERVAL = Duration.ofMillis(200);

  /** What the gate's snapshot adds to the state of the {@link OutageMonitor}. */
  private record Snapshot(
      GateStatus.Load load,
      @Nullable Instant stoppedSince,
      @Nullable Instant pauseEnds,
      boolean letIn,
      GateStatus.@Nullable Unanswered unanswered) {}

  private final EventLoop loop;
  private final RandomGenerator random;
  private final TokenSource tokens;
  private final WakeUp wakeUp;
  private final Throttling throttling;
  private final RequestQueue queue;
  private final OutageMonitor outages;
  private final TokenRenewal renewal;
  private final ApiProbe apiProbe;
  private final RetryPolicy retryPolicy;
  private final Dispatcher dispatcher;
  private boolean closed;
  private volatile Snapshot snapshot;

  /**
   * A gate that has sent nothing yet.
   *
   * @param random for jitter and tracking ids
   * @param listener told of every attempt
   */
  public RequestGate(
      EventLoop loop,
      RandomGenerator random,
      GateSettings settings,
      Transport transport,
      TokenSource tokens,
      GateListener listener) {
    this.loop = loop;
    this.random = random;
    this.tokens = tokens;
    wakeUp = new WakeUp(loop, this::sendAll);
    throttling = new Throttling(loop, random, settings);
    queue = new RequestQueue(loop, random, wakeUp);
    outages = new OutageMonitor(loop, random, settings, throttling, queue);
    renewal = new TokenRenewal(loop, random, settings, tokens, outages, wakeUp);
    apiProbe = new ApiProbe(loop, renewal, outages);
    retryPolicy = new RetryPolicy(loop, settings, renewal, outages, queue, apiProbe);
    dispatcher = new Dispatcher(transport, tokens, throttling, outages, listener, wakeUp);
    snapshot = snapshot();
  }

  /**
   * Answers when the API has, however long that takes. The future fails with a {@link
   * RequestAbandonedException} when the caller cancels or the gate is closed, and only then.
   */
  public <T> Future<Answer<T>> submit(
      RequestContext caller, ApiRequest request, ResponseParser<T> parser) {
    PendingRequest<T> pending = new PendingRequest<>(caller, request, parser);
    if (closed) {
      pending.fail(new ClientClosedException());
    } else {
      queue.last(pending);
      wakeUp.soon();
    }
    return pending.future();
  }

  /**
   * Lets nothing go out until {@link #resume}: what waits goes on waiting. Who waits and is
   * cancelled is let go; what is in flight is answered.
   */
  public void pause() {
    throttling.stop();
    wakeUp.soon();
  }

  /** Lets requests go out again. */
  public void resume() {
    throttling.go();
    wakeUp.soon();
  }

  /** An id for a request that is still to be made. */
  public String newTrackingId() {
    return TrackingIds.create(random);
  }

  /** How the way to the API stands. From any thread. */
  public GateStatus status() {
    OutageMonitor.State trouble = outages.state();
    Snapshot latest = snapshot;
    GateStatus.State state = GateStatus.State.OPEN;
    String words = "requests go out";
    Instant since = trouble.since();
    if (latest.stoppedSince() != null) {
      state = GateStatus.State.PAUSED;
      words = "a person has paused the service";
      since = latest.stoppedSince();
    } else if (trouble.cause() != null) {
      state =
          trouble.cause() == CircuitBreaker.Cause.OUTAGE
              ? GateStatus.State.OUTAGE
              : GateStatus.State.CREDENTIALS_REFUSED;
      words = trouble.reason();
    } else if (latest.pauseEnds() != null) {
      state = GateStatus.State.HELD;
      words = "the API asked for a pause";
    }
    return new GateStatus(
        state,
        words,
        since,
        latest.pauseEnds(),
        latest.load(),
        latest.letIn(),
        latest.unanswered());
  }

  /** Reads the credentials again and acts on what has changed. */
  public void recheckCredentials() {
    renewal.recheck();
  }

  /**
   * Probes the API where no request does so: where nothing is in flight and nothing waits, and the
   * last good answer is older than that, or something is wrong.
   */
  void checkIfIdle(Duration lately) {
    boolean idle = !throttling.isStopped() && throttling.inFlight() == 0 && queue.size() == 0;
    if (idle && (outages.isOpen() || !dispatcher.wasLetInWithin(lately))) {
      apiProbe.request();
      wakeUp.soon();
    }
  }

  /** Fails everything that waits or is in flight. */
  public void close() {
    closed = true;
    wakeUp.stop();
    dispatcher.close();
    queue.removeIf(any -> true).forEach(pending -> pending.fail(new ClientClosedException()));
  }

  private void sendAll() {
    boolean sent;
    do {
      sent = sendNext();
    } while (sent);
    if (throttling.isStopped() || outages.isOpen() || throttling.isPausedFor(LONG_PAUSE)) {
      endCancelled();
    }
    snapshot = snapshot();
  }

  /** Nothing can finish for a while, so cancelled requests end now. */
  private void endCancelled() {
    dispatcher.abandonCancelled(LAST_ANSWERS);
    queue
        .removeIf(pending -> pending.caller.cancellation().isCancelled())
        .forEach(pending -> pending.fail(new RequestCancelledException()));
    if (queue.size() > 0 || throttling.inFlight() > 0) {
      wakeUp.noLaterThan(loop.nanos() + CANCELLED_INTERVAL.toNanos());
    }
  }

  /** Sends one request if one may go now; if time alone keeps it, wakes up in time. */
  private boolean sendNext() {
    long now = loop.nanos();
    if (throttling.isStopped()) {
      return false;
    }
    if (!queue.isAnyReady() && !apiProbe.isRequested() && !tokens.isRenewalDue()) {
      return false;
    }
    if (throttling.isPaused()) {
      return notBefore(throttling.pausedUntil());
    }
    boolean probe = outages.isOpen();
    if (probe && dispatcher.isProbing()) {
      return false;
    }
    if (probe && outages.nextProbe() - now > 0) {
      return notBefore(outages.nextProbe());
    }
    if (throttling.isFull()) {
      return false;
    }
    boolean slowly = !probe && outages.isSuspected();
    long allowed = slowly ? throttling.lastSent() + SUSPECTED.toNanos() : now;
    if (allowed - now <= 0) {
      allowed = throttling.nextSend(now);
    }
    if (allowed - now > 0) {
      return notBefore(allowed);
    }
    return sendWithToken(probe, slowly);
  }

  private boolean sendWithToken(boolean probe, boolean slowly) {
    if (!tokens.hasValues()) {
      outages.noProbe(); // Until the reading says otherwise.
      renewal.recheck();
      return tokens.hasValues();
    }
    boolean renewing = dispatcher.isUnderWay(renewal);
    if (!renewing && renewal.isDue(probe)) {
      send(tokens.renewal(), null, probe, renewal.attempt(), null, renewal);
      return true;
    }
    String token = tokens.accessToken();
    if (token == null) {
      Long until = renewing ? null : renewal.putOffUntil();
      return until != null && notBefore(until);
    }
    if (!dispatcher.isUnderWay(apiProbe) && apiProbe.isDue(probe, queue.callersReady())) {
      send(ApiRequest.tokenExpiry(), token, probe, 1, null, apiProbe);
      apiProbe.sent();
      return true;
    }
    PendingRequest<?> next = next(probe, slowly);
    if (next == null) {
      return false;
    }
    if (isCancelled(next)) {
      next.fail(new RequestCancelledException());
    } else {
      String chosen = next.isUnsent() ? next.caller.trackingId() : null;
      send(next.request, token, probe, next.attempts() + 1, chosen, retryPolicy.of(next));
    }
    return true;
  }

  private @Nullable PendingRequest<?> next(boolean probe, boolean slowly) {
    if (probe) {
      return queue.nextProbe(retryPolicy::isUndoubted);
    }
    return slowly ? queue.next(retryPolicy::isUndoubted) : queue.next();
  }

  private static boolean isCancelled(PendingRequest<?> next) {
    try {
      return next.isUnsent() && next.caller.cancellation().forbidsToBegin();
    } catch (RuntimeException e) {
      next.fail(e); // It is out of the queue already.
      return true;
    }
  }

  private void send(
      ApiRequest request,
      @Nullable String token,
      boolean probe,
      int number,
      @Nullable String chosen,
      AttemptHandler handler) {
    String trackingId = chosen == null ? newTrackingId() : chosen;
    dispatcher.send(new Attempt(request, token, probe, number, trackingId, loop.nanos()), handler);
  }

  private boolean notBefore(long instant) {
    wakeUp.at(instant);
    return false;
  }

  private Snapshot snapshot() {
    return new Snapshot(
        throttling.load(queue.size()),
        throttling.stoppedSince(),
        throttling.pauseEnds(),
        dispatcher.wasLetIn(),
        dispatcher.unanswered(loop.now()));
  }
}
