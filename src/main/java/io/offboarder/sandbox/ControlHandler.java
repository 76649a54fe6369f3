package io.offboarder.sandbox;

import io.offboarder.sandbox.Fault.Body;
import io.offboarder.sandbox.Fault.Effect;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sandbox's own endpoints, below {@code /sandbox}; docs/SANDBOX.md shows them. */
final class ControlHandler implements Handler<HttpServerRequest> {
  private final WebexSandbox sandbox;

  ControlHandler(WebexSandbox sandbox) {
    this.sandbox = sandbox;
  }

  @Override
  public void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              try {
                answer(request, 200, route(request, body));
              } catch (IllegalArgumentException e) {
                refuse(request, String.valueOf(e.getMessage()));
              } catch (DecodeException e) {
                refuse(request, "the body was no JSON object, expected one as in docs/SANDBOX.md");
              } catch (ClassCastException e) {
                refuse(request, "a member was of another type than in docs/SANDBOX.md");
              }
            });
  }

  private static void refuse(HttpServerRequest request, String why) {
    answer(request, 400, new JsonObject().put("error", why));
  }

  private static void answer(HttpServerRequest request, int status, @Nullable JsonObject body) {
    request
        .response()
        .setStatusCode(body == null ? 404 : status)
        .putHeader("Content-Type", "application/json")
        .end(
            (body == null ? "{\"error\":\"no such endpoint; see docs/SANDBOX.md\"}" : body.encode())
                + "\n");
  }

  private @Nullable JsonObject route(HttpServerRequest request, Buffer body) {
    return switch (request.method() + " " + request.path()) {
      case "POST /sandbox/people" -> addPeople(body.toJsonObject());
      case "GET /sandbox/people" -> people();
      case "GET /sandbox/live" -> live(request.getParam("personEmail"));
      case "GET /sandbox/deletions" -> deletions();
      case "GET /sandbox/requests" -> requests();
      case "POST /sandbox/faults" -> script(body.toJsonObject());
      case "DELETE /sandbox/faults" -> clearFaults();
      case "POST /sandbox/quota" -> quota(body.toJsonObject());
      case "DELETE /sandbox/quota" -> noQuota();
      case "POST /sandbox/tokens/expire" -> expireTokens();
      default -> null;
    };
  }

  /** A misspelt member would be ignored, and a test would wonder why nothing comes of it. */
  private static void requireOnly(JsonObject json, String... names) {
    for (String name : json.fieldNames()) {
      if (!List.of(names).contains(name)) {
        throw new IllegalArgumentException(
            name + " is no member here, expected " + String.join(", ", names));
      }
    }
  }

  private JsonObject addPeople(JsonObject body) {
    requireOnly(body, "count", "prefix", "apps", "people");
    JsonArray added = new JsonArray();
    for (int i = 0; i < body.getInteger("count", 0); i++) {
      String email = body.getString("prefix", "person-") + i + "@example.com";
      added.add(
          addPerson(new JsonObject().put("email", email).put("apps", body.getJsonArray("apps"))));
    }
    JsonArray people = body.getJsonArray("people", new JsonArray());
    for (int i = 0; i < people.size(); i++) {
      added.add(addPerson(people.getJsonObject(i)));
    }
    return new JsonObject().put("people", added);
  }

  private JsonObject addPerson(JsonObject json) {
    requireOnly(json, "email", "orgId", "apps");
    String email = json.getString("email");
    if (email == null || email.isBlank()) {
      throw new IllegalArgumentException("email was missing, expected a person's e-mail address");
    }
    String org = json.getString("orgId", sandbox.orgId());
    SandboxPerson person = sandbox.addPerson(email, org);
    JsonArray apps = json.getJsonArray("apps");
    if (apps != null) {
      for (int i = 0; i < apps.size(); i++) {
        JsonObject app = apps.getJsonObject(i);
        requireOnly(app, "name", "clientId", "refresh", "access");
        String name = app.getString("name", "App " + i);
        String clientId = app.getString("clientId");
        SandboxApp known = clientId == null ? sandbox.newApp(name) : new SandboxApp(clientId, name);
        if (app.getBoolean("refresh", true)) {
          sandbox.authorize(person, known, app.getInteger("access", 1));
        } else {
          for (int a = 0; a < app.getInteger("access", 1); a++) {
            sandbox.authorizeAccessOnly(person, known);
          }
        }
      }
    }
    return json(person);
  }

  private static JsonObject json(SandboxPerson person) {
    return new JsonObject()
        .put("id", person.id())
        .put("email", person.email())
        .put("orgId", person.orgId());
  }

  private JsonObject people() {
    JsonArray people = new JsonArray();
    sandbox.people().forEach(person -> people.add(json(person)));
    return new JsonObject().put("people", people);
  }

  private JsonObject live(@Nullable String email) {
    List<SandboxAuthorization> live =
        email == null
            ? sandbox.live()
            : sandbox.people().stream()
                .filter(person -> person.email().equalsIgnoreCase(email))
                .flatMap(person -> sandbox.live(person).stream())
                .toList();
    JsonArray items = new JsonArray();
    live.forEach(one -> items.add(ApiHandler.json(one)));
    return new JsonObject().put("count", live.size()).put("items", items);
  }

  private JsonObject deletions() {
    JsonArray items = new JsonArray();
    for (SandboxDeletion deletion : sandbox.deletions()) {
      items.add(
          ApiHandler.json(deletion.authorization())
              .put("trackingId", deletion.trackingId())
              .put("deletedAt", deletion.deletedAt()));
    }
    return new JsonObject().put("items", items);
  }

  private JsonObject requests() {
    JsonObject json = new JsonObject();
    sandbox
        .requests()
        .forEach(
            (operation, counts) -> {
              JsonObject byStatus = new JsonObject();
              counts.forEach((status, count) -> byStatus.put(Integer.toString(status), count));
              json.put(operation.name().toLowerCase(Locale.ROOT), byStatus);
            });
    return new JsonObject().put("requests", json).put("mostInFlight", sandbox.mostInFlight());
  }

  private JsonObject script(JsonObject json) {
    requireOnly(
        json,
        "effect",
        "status",
        "retryAfter",
        "body",
        "delayMs",
        "bytes",
        "times",
        "operation",
        "matching",
        "probability");
    Fault fault = Fault.of(effect(json)).times(json.getInteger("times", Fault.ALWAYS));
    if (json.containsKey("operation")) {
      fault = fault.on(constant(Operation.class, "operation", json.getString("operation")));
    }
    if (json.containsKey("matching")) {
      fault = fault.matching(json.getString("matching"));
    }
    sandbox.script(fault.withProbability(json.getDouble("probability", 1.0)));
    return new JsonObject();
  }

  private static Effect effect(JsonObject json) {
    String effect = Objects.requireNonNullElse(json.getString("effect"), "status");
    return switch (effect) {
      case "status" ->
          new Effect.Status(
              json.getInteger("status", 503),
              json.getString("retryAfter"),
              constant(Body.class, "body", json.getString("body", "json")));
      case "delay" -> new Effect.Delay(Duration.ofMillis(json.getLong("delayMs", 1_000L)));
      case "hang" -> new Effect.Hang();
      case "drop" -> new Effect.Drop();
      case "lose-answer" -> new Effect.LoseAnswer();
      case "huge-body" -> new Effect.HugeBody(json.getInteger("bytes", 64 << 20));
      default ->
          throw new IllegalArgumentException(
              "effect was '"
                  + effect
                  + "', expected status, delay, hang, drop, lose-answer or huge-body");
    };
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String member, String name) {
    List<E> all = List.of(type.getEnumConstants());
    return all.stream()
        .filter(constant -> word(constant.name()).equals(word(name)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    member
                        + " was '"
                        + name
                        + "', expected one of "
                        + all.stream()
                            .map(constant -> word(constant.name()))
                            .collect(Collectors.joining(", "))));
  }

  private static String word(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private JsonObject clearFaults() {
    sandbox.clearFaults();
    return new JsonObject();
  }

  private JsonObject quota(JsonObject json) {
    requireOnly(json, "requestsPerSecond");
    Integer perSecond = json.getInteger("requestsPerSecond");
    if (perSecond == null || perSecond < 1) {
      throw new IllegalArgumentException(
          "requestsPerSecond was "
              + (perSecond == null ? "missing" : perSecond)
              + ", expected a whole number, 1 or more; DELETE /sandbox/quota lifts the quota");
    }
    sandbox.allow(perSecond);
    return new JsonObject();
  }

  private JsonObject noQuota() {
    sandbox.allow(Integer.MAX_VALUE);
    return new JsonObject();
  }

  private JsonObject expireTokens() {
    sandbox.expireTokens();
    return new JsonObject();
  }
}
