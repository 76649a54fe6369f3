package io.offboarder.sandbox;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A Webex of one's own: the Authorizations API and its token endpoint below {@code /v1}, and a way
 * to seed people, script faults and see what is left, here and below {@code /sandbox}.
 *
 * <p>All state lives on one event loop. Methods may be called from any thread and wait for that
 * loop, so not from another event loop.
 */
public final class WebexSandbox {
  private static final long SEED = 20_151_018;

  private final Context context;
  private final Thread loop;
  private final SandboxSettings settings;
  private final HttpServer server;
  private final Directory directory;
  private final Tokens tokens;
  private final Faults faults;
  private final RequestLog log;
  private final ApiHandler api;

  private WebexSandbox(Vertx vertx, Context context, SandboxSettings settings) {
    this.context = context;
    this.loop = Thread.currentThread();
    this.settings = settings;
    Random random = new Random(SEED);
    this.directory = new Directory(random);
    this.tokens =
        new Tokens(
            settings.credentials(),
            settings.tokenLifetime(),
            settings.choices().rotateRefreshTokens());
    this.faults = new Faults(random);
    this.log = new RequestLog();
    this.api = new ApiHandler(vertx, settings, directory, tokens, faults, log, random);
    ControlHandler control = new ControlHandler(this);
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setCompressionSupported(true))
            .requestHandler(
                request -> {
                  String path = request.path();
                  if (path != null && path.startsWith("/sandbox/")) {
                    control.handle(request);
                  } else {
                    api.handle(request);
                  }
                });
  }

  /** Starts a sandbox on an event loop of its own; fails if its port is taken. */
  public static Future<WebexSandbox> start(Vertx vertx, SandboxSettings settings) {
    Promise<WebexSandbox> started = Promise.promise();
    // A verticle is Vert.x's way to an event loop of one's own.
    vertx
        .deployVerticle(
            context -> {
              WebexSandbox sandbox = new WebexSandbox(vertx, vertx.getOrCreateContext(), settings);
              return sandbox
                  .server
                  .listen(settings.port(), settings.host())
                  .map(
                      s -> {
                        started.tryComplete(sandbox);
                        return s;
                      });
            })
        .onFailure(started::tryFail);
    return started.future();
  }

  /** Where the API is: {@code http://host:port/v1}. */
  public URI baseUrl() {
    return URI.create("http://" + settings.host() + ":" + server.actualPort() + "/v1");
  }

  /** How it was started. */
  public SandboxSettings settings() {
    return settings;
  }

  /** The org of the admin whose token it is, and of everybody who was added without another. */
  public String orgId() {
    return directory.orgId();
  }

  /** Adds a person to the org; returns who is there already under this address. */
  public SandboxPerson addPerson(String email) {
    return onLoop(() -> directory.addPerson(email, directory.orgId()));
  }

  /** Adds a person to another org. */
  public SandboxPerson addPerson(String email, String orgId) {
    return onLoop(() -> directory.addPerson(email, orgId));
  }

  /** An app that nobody has authorized yet. */
  public SandboxApp newApp(String name) {
    return onLoop(() -> directory.newApp(name));
  }

  /** A person authorizes an app: one refresh authorization, and so many access ones from it. */
  public List<SandboxAuthorization> authorize(SandboxPerson person, SandboxApp app, int access) {
    return onLoop(
        () -> {
          List<SandboxAuthorization> made = new ArrayList<>();
          made.add(directory.authorize(person, app, "refresh"));
          for (int i = 0; i < access; i++) {
            made.add(directory.authorize(person, app, "access"));
          }
          return made;
        });
  }

  /** An access authorization without a refresh authorization, as an implicit grant leaves it. */
  public SandboxAuthorization authorizeAccessOnly(SandboxPerson person, SandboxApp app) {
    return onLoop(() -> directory.authorize(person, app, "access"));
  }

  /** Everybody. */
  public Collection<SandboxPerson> people() {
    return onLoop(() -> List.copyOf(directory.people()));
  }

  /** What a person has authorized and what is not deleted. */
  public List<SandboxAuthorization> live(SandboxPerson person) {
    return onLoop(() -> directory.liveOf(person));
  }

  /** What is not deleted. */
  public List<SandboxAuthorization> live() {
    return onLoop(directory::live);
  }

  /** What was deleted, the last 100,000. */
  public List<SandboxDeletion> deletions() {
    return onLoop(log::deletions);
  }

  /** How many requests of an operation were answered, with success or with an error. */
  public int requests(Operation operation) {
    return onLoop(() -> log.count(operation));
  }

  /** How many requests were answered, by operation and status. */
  public Map<Operation, Map<Integer, Integer>> requests() {
    return onLoop(log::counts);
  }

  /** The most requests that were under way at once. */
  public int mostInFlight() {
    return onLoop(log::mostInFlight);
  }

  /** Makes something go wrong, after what was scripted before. */
  public void script(Fault fault) {
    onLoop(
        () -> {
          faults.add(fault);
          return fault;
        });
  }

  /** Lets everything go right again. */
  public void clearFaults() {
    onLoop(
        () -> {
          faults.clear();
          return faults;
        });
  }

  /** Ends every access token that was issued. */
  public void expireTokens() {
    onLoop(
        () -> {
          tokens.expireAll();
          return tokens;
        });
  }

  /** Changes the quota. */
  public void allow(int requestsPerSecond) {
    onLoop(
        () -> {
          api.allow(requestsPerSecond);
          return api;
        });
  }

  /** Closes the port. */
  public Future<Void> close() {
    return server.close();
  }

  private <T> T onLoop(Supplier<T> action) {
    if (Thread.currentThread().equals(loop)) {
      return action.get();
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          try {
            result.complete(action.get());
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result.join();
  }
}
