package io.offboarder.revocation;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.Identifier;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.TraceContext;
import io.offboarder.event.UserTerminated;
import io.offboarder.protection.Untouched;
import io.offboarder.revocation.EventContext.Urgency;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Revocation;
import io.offboarder.testing.Schemas;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.gate.Cancellation;
import io.offboarder.webex.gate.GateListener;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The flow against an API that says what each test wants it to say, lies included. */
abstract class RevocationFixture {
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<Duration> waited = new CopyOnWriteArrayList<>();
  final RelistBackoff relistBackoff =
      new RelistBackoff(
          List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)),
          pause -> {
            waited.add(pause);
            return Future.succeededFuture();
          });
  RecordCoordinates coordinates =
      new RecordCoordinates("t", 0, 0, Instant.now().toEpochMilli(), Instant.now());
  RevocationFlow flow;
  volatile Clock clock = Clock.systemUTC();
  int maxAuthorizations = 100_000;
  Promise<Void> released = Promise.promise();
  int mostAuthorizations = RevocationLimits.MOST_AUTHORIZATIONS;
  volatile Untouched untouched = Untouched.NOTHING;
  Vertx vertx;
  private HttpServer server;
  Function<Integer, Object> lists = number -> items();
  Function<String, Integer> deletes = id -> 204;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    server = vertx.createHttpServer().requestHandler(this::answer).listen(0).await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private void answer(HttpServerRequest request) {
    request.response().putHeader("trackingid", "T");
    String path = request.path();
    if (request.method().name().equals("GET") && path.endsWith("/authorizations")) {
      calls.add("list");
      Object answer = lists.apply((int) calls.stream().filter("list"::equals).count());
      if (answer instanceof Integer status) {
        request.response().setStatusCode(status).end("{\"message\":\"no\"}");
      } else {
        request.response().end(new JsonObject().put("items", answer).toBuffer());
      }
    } else if (request.method().name().equals("DELETE")) {
      String id = path.endsWith("/authorizations") ? "" : path.substring(path.lastIndexOf('/') + 1);
      calls.add("delete " + id);
      int status = deletes.apply(id);
      request.response().setStatusCode(status).end(status == 204 ? "" : "{\"message\":\"no\"}");
    } else {
      request.response().end("{\"exp\":" + (System.currentTimeMillis() + 9_000_000_000L) + "}");
    }
  }

  Outcome revoke() {
    return revoke(terminated());
  }

  static OffboardingEvent byAddress(String address) {
    Person person = new Person(null, address, null);
    return new UserTerminated(attributes(), person, null, null, List.of());
  }

  static OffboardingEvent terminated() {
    return new UserTerminated(
        attributes(), new Person(Identifier.of("person-1"), null, null), null, null, List.of());
  }

  Outcome revoke(OffboardingEvent event) {
    return revoke(event, relistBackoff);
  }

  Outcome revoke(OffboardingEvent event, RelistBackoff relistBackoff) {
    Outcome ended = start(event, relistBackoff, () -> true).join();
    Schemas.assertValidOutcome(new OutcomeFormat().toJson(ended));
    return ended;
  }

  CaseNotes notes = CaseNotes.NONE;

  CompletableFuture<Outcome> start(
      OffboardingEvent event, RelistBackoff relistBackoff, BooleanSupplier wanted) {
    WebexSettings settings =
        WebexSettings.at(
            URI.create("http://localhost:" + server.actualPort() + "/v1"),
            new Credentials.StaticToken(Secret.of("token")));
    var outcome = new CompletableFuture<Outcome>();
    vertx.runOnContext(
        v -> {
          if (flow == null) {
            flow =
                new RevocationFlow(
                    AuthorizationsClient.create(vertx, settings),
                    time(),
                    new RevocationLimits(Duration.ofMinutes(2), mostAuthorizations, relistBackoff),
                    maxAuthorizations,
                    loop(vertx.getOrCreateContext()));
          }
          flow.revoke(
                  event,
                  new EventContext(
                      coordinates,
                      new EventLog("e1", "s", null),
                      GateListener.NONE,
                      Cancellation.when(() -> !wanted.getAsBoolean()),
                      untouched,
                      Urgency.NOW,
                      notes,
                      released.future()))
              .onComplete(outcome::complete, outcome::completeExceptionally);
        });
    return outcome.orTimeout(30, TimeUnit.SECONDS);
  }

  private static Executor loop(Context context) {
    return task -> context.runOnContext(v -> task.run());
  }

  /** Whatever the clock is at the moment. */
  Clock time() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return clock.instant();
      }
    };
  }

  static OffboardingEvent decommissioned() {
    return new AppDecommissioned(
        attributes(), new App("client", Identifier.of("org"), null), null, null, List.of());
  }

  static EventAttributes attributes() {
    return new EventAttributes(
        "e1",
        "user-terminated",
        "/hr",
        "2026-11-23T09:00:00Z",
        Instant.parse("2026-11-23T09:00:00Z"),
        TraceContext.NONE);
  }

  static Map<String, Result> results(Outcome outcome) {
    return outcome.authorizations().stream()
        .collect(Collectors.toMap(one -> one.authorization().id(), Revocation::result));
  }

  static JsonArray items(JsonObject... items) {
    return new JsonArray(List.of(items));
  }

  static JsonObject item(String id, String type, String clientId) {
    return new JsonObject()
        .put("id", id)
        .put("type", type)
        .put("clientId", clientId)
        .put("personId", "person-1")
        .put("applicationName", "App " + clientId)
        .put("created", "2015-10-18T14:26:16+00:00");
  }
}
