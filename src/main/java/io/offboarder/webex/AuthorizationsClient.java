package io.offboarder.webex;

import io.offboarder.webex.credentials.ResolvedCredentials;
import io.offboarder.webex.credentials.ResolvedCredentials.Grant;
import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.GateListener;
import io.offboarder.webex.gate.GateStatus;
import io.offboarder.webex.gate.IdleProber;
import io.offboarder.webex.gate.RequestContext;
import io.offboarder.webex.gate.RequestGate;
import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.HttpTransport;
import io.offboarder.webex.http.Transport;
import io.offboarder.webex.loop.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The Webex Authorizations API: list a person's OAuth authorizations, delete them, delete an app's,
 * and ask when our own token expires (<a
 * href="https://developer.webex.com/docs/api/v1/authorizations">reference</a>).
 *
 * <p>Every operation answers when the API has answered for good. Rate limits, outages and refused
 * credentials delay the answer, however long they last; {@link #status} says so meanwhile. The
 * future fails only where nothing was or will be sent: with {@link IllegalArgumentException} for an
 * identifier that is blank, a dot segment or not well-formed text, and with {@link
 * IllegalStateException} once the client is closed.
 *
 * <p>Methods may be called from any thread; all state lives on one event loop, on which the futures
 * complete. Requests wait in memory without a bound of their own: a caller bounds how much it asks
 * for at a time.
 */
public final class AuthorizationsClient {

  private final Context context;
  private final Transport transport;
  private final RequestGate gate;
  private final PersonLister lister;
  private final CredentialExpiryMonitor expiry;
  private final IdleProber idleProber;
  private final Supplier<Future<ResolvedCredentials>> credentials;
  private final AtomicReference<@Nullable String> knownClientId;
  private final Runnable stopWatching;

  private AuthorizationsClient(
      Context context,
      Transport transport,
      RequestGate gate,
      PersonLister lister,
      CredentialExpiryMonitor expiry,
      IdleProber idleProber,
      Supplier<Future<ResolvedCredentials>> credentials,
      AtomicReference<@Nullable String> knownClientId,
      Runnable stopWatching) {
    this.context = context;
    this.transport = transport;
    this.gate = gate;
    this.lister = lister;
    this.expiry = expiry;
    this.idleProber = idleProber;
    this.credentials = credentials;
    this.knownClientId = knownClientId;
    this.stopWatching = stopWatching;
  }

  /**
   * A client on the current event loop, or on a new one where the caller is on none.
   *
   * @throws IllegalStateException on a worker's or a virtual thread's context
   */
  public static AuthorizationsClient create(Vertx vertx, WebexSettings settings) {
    return create(
        vertx, settings, Clock.systemUTC(), RandomGenerator.getDefault(), GateListener.NONE);
  }

  /** The same with a clock, a source of jitter, and a listener. */
  public static AuthorizationsClient create(
      Vertx vertx,
      WebexSettings settings,
      Clock clock,
      RandomGenerator random,
      GateListener listener) {
    Context context = vertx.getOrCreateContext();
    if (!context.isEventLoopContext()) {
      throw new IllegalStateException("the Webex client needs an event loop context");
    }
    EventLoop loop = EventLoop.of(vertx, context, clock);
    Transport transport =
        new HttpTransport(vertx, settings.http(), settings.gate().maxConcurrency());
    // Files are read and written on a worker, in turn; the result comes back to the loop.
    AtomicReference<@Nullable String> clientId = new AtomicReference<>();
    Supplier<Future<ResolvedCredentials>> credentials =
        () ->
            context
                .executeBlocking(() -> ResolvedCredentials.read(settings.credentials()))
                .onSuccess(read -> clientId.set(clientId(read).orElse(null)));
    Function<String, Future<Boolean>> keeper =
        refreshToken ->
            context.executeBlocking(
                () -> ResolvedCredentials.keep(settings.credentials(), refreshToken));
    TokenSource tokens = new TokenSource(loop, credentials, keeper);
    RequestGate gate = new RequestGate(loop, random, settings.gate(), transport, tokens, listener);
    long recheck =
        vertx.setPeriodic(
            settings.gate().probes().credentialsRecheck().toMillis(),
            timer -> context.runOnContext(v -> gate.recheckCredentials()));
    CredentialExpiryMonitor expiry = new CredentialExpiryMonitor(loop, gate, tokens);
    expiry.start();
    IdleProber idleProber = new IdleProber(loop, gate);
    return new AuthorizationsClient(
        context,
        transport,
        gate,
        new PersonLister(gate, settings.http().baseUrl(), settings.maxListItems()),
        expiry,
        idleProber,
        credentials,
        clientId,
        () -> {
          vertx.cancelTimer(recheck);
          expiry.stop();
          idleProber.stop();
        });
  }

  /**
   * What a person has authorized. An item that the API sends without an id is listed with an empty
   * one: it is live, and nothing can delete it. An answer without a list is never taken for an
   * empty list. Of more authorizations than {@link WebexSettings#maxListItems}, or than fit into
   * the bound of an answer's body, the first are listed; never none of them.
   */
  public Future<Answer<List<Authorization>>> list(RequestContext caller, Person person) {
    return list(caller, person, count -> true);
  }

  /**
   * The same, of no more authorizations than the caller has room for.
   *
   * @param mayHold asked on the event loop, for each authorization of an answer before it is taken,
   *     whether so many may be held; once it says no, the rest of the list is not read. An answer
   *     that has to be asked for again is counted from the start
   */
  public Future<Answer<List<Authorization>>> list(
      RequestContext caller, Person person, IntPredicate mayHold) {
    return submit(
        () -> AuthorizationRequests.list(person), request -> lister.list(caller, request, mayHold));
  }

  /** Deletes one authorization; done means 204. A refresh authorization takes its access ones. */
  public Future<Answer<Void>> delete(RequestContext caller, String authorizationId) {
    return submit(
        () -> AuthorizationRequests.delete(authorizationId),
        request -> gate.submit(caller, request, AuthorizationResponses::deleted));
  }

  /** Deletes what a client holds in an org, of everybody; done means 204. */
  public Future<Answer<Void>> deleteByClient(RequestContext caller, String clientId, String orgId) {
    return submit(
        () -> AuthorizationRequests.deleteByClient(clientId, orgId),
        request -> gate.submit(caller, request, AuthorizationResponses::deleted));
  }

  /**
   * An id for {@link RequestContext#trackedAs}: Cisco's audit log will know the request by it. To
   * be asked on the client's event loop.
   */
  public String newTrackingId() {
    return gate.newTrackingId();
  }

  /** When the access token in use expires. */
  public Future<Answer<Instant>> tokenExpiry(RequestContext caller) {
    return submit(
        ApiRequest::tokenExpiry,
        request -> gate.submit(caller, request, AuthorizationResponses::tokenExpiry));
  }

  /**
   * Asks the API how it is while nobody else does, from now on until the client is closed, so that
   * {@link #status} tells of trouble that no caller has met yet.
   */
  public void watchWhileIdle() {
    onLoop(idleProber::start);
  }

  /**
   * Sends nothing until {@link #resume}; what is asked for meanwhile waits. What was sent before is
   * answered.
   */
  public void pause() {
    onLoop(gate::pause);
  }

  /** Sends what waits, and goes on. */
  public void resume() {
    onLoop(gate::resume);
  }

  /**
   * The client id of the app that the API is called with; empty for an access token that somebody
   * else renews, which does not say. Reads the credentials again, so that it is up to date; fails
   * where they cannot be read.
   */
  public Future<Optional<String>> ownClientId() {
    return credentials.get().map(AuthorizationsClient::clientId);
  }

  /**
   * The same as far as it is known without reading anything: from the first answer of the API on.
   * From any thread; does not wait.
   */
  public Optional<String> knownClientId() {
    return Optional.ofNullable(knownClientId.get());
  }

  private static Optional<String> clientId(ResolvedCredentials credentials) {
    return credentials instanceof Grant grant ? Optional.of(grant.clientId()) : Optional.empty();
  }

  /** How the way to the API stands. From any thread; does not wait. */
  public GateStatus status() {
    return gate.status();
  }

  /**
   * When the credential that nobody renews expires: the access token, or the refresh token where
   * there is one. Null while the API has not said. From any thread; does not wait.
   */
  public @Nullable Instant credentialsExpire() {
    return expiry.expires();
  }

  /** Fails what waits, ends what is in flight, and lets the connections go. */
  public Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    onLoop(
        () -> {
          stopWatching.run();
          gate.close();
          transport.close().onComplete(closed);
        });
    return closed.future();
  }

  private <T> Future<Answer<T>> submit(
      Supplier<ApiRequest> request, Function<ApiRequest, Future<Answer<T>>> send) {
    ApiRequest checked;
    try {
      checked = request.get();
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
    Promise<Answer<T>> answer = Promise.promise();
    onLoop(() -> send.apply(checked).onComplete(answer));
    return answer.future();
  }

  private void onLoop(Runnable action) {
    if (Vertx.currentContext() == context) {
      action.run();
    } else {
      context.runOnContext(v -> action.run());
    }
  }
}
