package io.offboarder.sandbox;

import io.offboarder.sandbox.Fault.Effect;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The Authorizations API and its token endpoint. A switch over five routes, not a router: the
 * sandbox also stands in benchmarks, where it must not be what is measured.
 */
final class ApiHandler implements Handler<HttpServerRequest> {
  private static final String AUTHORIZATIONS = "/v1/authorizations";

  /** The documentation's example: an offset, no fraction of a second. */
  private static final DateTimeFormatter CREATED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx").withZone(ZoneOffset.UTC);

  /** The 99th percentile of the standard normal distribution. */
  private static final double Z99 = 2.326;

  private final Vertx vertx;
  private final SandboxSettings settings;
  private final Directory directory;
  private final Tokens tokens;
  private final Faults faults;
  private final RequestLog log;
  private final RandomGenerator random;
  private final Quota quota;

  ApiHandler(
      Vertx vertx,
      SandboxSettings settings,
      Directory directory,
      Tokens tokens,
      Faults faults,
      RequestLog log,
      RandomGenerator random) {
    this.vertx = vertx;
    this.settings = settings;
    this.directory = directory;
    this.tokens = tokens;
    this.faults = faults;
    this.log = log;
    this.random = random;
    this.quota = new Quota(settings.requestsPerSecond());
  }

  void allow(int requestsPerSecond) {
    quota.allow(requestsPerSecond);
  }

  @Override
  public void handle(HttpServerRequest request) {
    Operation operation = operation(request);
    Exchange exchange = new Exchange(request, operation);
    if (operation == null) {
      exchange.refuse(404);
      return;
    }
    if (operation == Operation.ACCESS_TOKEN) {
      request.setExpectMultipart(true);
      request.endHandler(v -> begin(exchange, operation));
    } else {
      begin(exchange, operation);
    }
  }

  private static @Nullable Operation operation(HttpServerRequest request) {
    String path = request.path();
    if (path == null) {
      return null;
    }
    HttpMethod method = request.method();
    if (path.equals(AUTHORIZATIONS) || path.equals(AUTHORIZATIONS + "/")) {
      if (method.equals(HttpMethod.GET)) {
        return Operation.LIST;
      }
      return method.equals(HttpMethod.DELETE) ? Operation.DELETE_BY_CLIENT : null;
    }
    if (path.equals(AUTHORIZATIONS + "/tokenExpiry") && method.equals(HttpMethod.GET)) {
      return Operation.TOKEN_EXPIRY;
    }
    if (path.startsWith(AUTHORIZATIONS + "/") && method.equals(HttpMethod.DELETE)) {
      return Operation.DELETE;
    }
    return path.equals("/v1/access_token") && method.equals(HttpMethod.POST)
        ? Operation.ACCESS_TOKEN
        : null;
  }

  private void begin(Exchange exchange, Operation operation) {
    log.started();
    exchange.response.endHandler(v -> log.ended());
    exchange.response.exceptionHandler(gone -> {});
    int wait = quota.take();
    if (wait > 0) {
      exchange.refuse(429, Integer.toString(wait), Fault.Body.JSON);
      return;
    }
    after(latency(), () -> perform(exchange, operation));
  }

  private void perform(Exchange exchange, Operation operation) {
    Effect effect = faults.next(operation, exchange.request.uri());
    if (effect instanceof Effect.Status status) {
      exchange.refuse(status.status(), status.retryAfter(), status.body());
    } else if (effect instanceof Effect.Delay delay) {
      after(delay.by(), () -> work(exchange, operation));
    } else if (effect instanceof Effect.Drop) {
      exchange.drop();
    } else if (effect instanceof Effect.LoseAnswer) {
      exchange.loseAnswer = true;
      work(exchange, operation);
    } else if (effect instanceof Effect.HugeBody huge) {
      exchange.answer(200, Buffer.buffer(new byte[huge.bytes()]));
    } else if (!(effect instanceof Effect.Hang)) {
      work(exchange, operation);
    }
  }

  private void after(Duration delay, Runnable then) {
    if (delay.toMillis() < 1) {
      then.run();
    } else {
      vertx.setTimer(delay.toMillis(), timer -> then.run());
    }
  }

  private Duration latency() {
    double median = settings.latency().median().toNanos();
    double p99 = settings.latency().p99().toNanos();
    if (median == 0 || p99 <= median) {
      return settings.latency().median();
    }
    double sigma = Math.log(p99 / median) / Z99;
    return Duration.ofNanos((long) (median * Math.exp(sigma * random.nextGaussian())));
  }

  private void work(Exchange exchange, Operation operation) {
    if (operation == Operation.ACCESS_TOKEN) {
      refresh(exchange);
      return;
    }
    Long expiry = tokens.expiry(exchange.request.getHeader("Authorization"));
    if (expiry == null) {
      exchange.refuse(401);
      return;
    }
    switch (operation) {
      case LIST -> list(exchange);
      case DELETE -> delete(exchange);
      case DELETE_BY_CLIENT -> deleteByClient(exchange);
      default -> exchange.answer(200, new JsonObject().put("exp", expiry).toBuffer());
    }
  }

  private void list(Exchange exchange) {
    String id = exchange.request.getParam("personId");
    String email = exchange.request.getParam("personEmail");
    if ((id == null || id.isBlank()) == (email == null || email.isBlank())) {
      exchange.refuse(settings.choices().notOnePerson());
      return;
    }
    SandboxPerson person =
        id != null && !id.isBlank() ? directory.personById(id) : directory.personByEmail(email);
    if (person == null) {
      exchange.refuse(settings.choices().unknownPerson());
      return;
    }
    JsonArray items = new JsonArray();
    for (SandboxAuthorization one : directory.liveOf(person)) {
      items.add(json(one));
    }
    exchange.answer(200, new JsonObject().put("items", items).toBuffer());
  }

  static JsonObject json(SandboxAuthorization one) {
    return new JsonObject()
        .put("id", one.id())
        .put("applicationId", one.applicationId())
        .put("applicationName", one.applicationName())
        .put("personId", one.personId())
        .put("clientId", one.clientId())
        .put("created", CREATED.format(one.created()))
        .put("type", one.type());
  }

  private void delete(Exchange exchange) {
    String raw = exchange.request.path().substring(AUTHORIZATIONS.length() + 1);
    String id =
        java.net.URLDecoder.decode(
            raw.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
    deleted(exchange, directory.delete(id), settings.choices().unknownAuthorization());
  }

  private void deleteByClient(Exchange exchange) {
    String clientId = exchange.request.getParam("clientId");
    if (clientId == null || clientId.isBlank()) {
      exchange.refuse(400);
      return;
    }
    String org = exchange.request.getParam("orgId");
    deleted(
        exchange,
        directory.deleteByClient(clientId, org == null ? directory.orgId() : org),
        settings.choices().nothingOfClient());
  }

  private void deleted(Exchange exchange, List<SandboxAuthorization> deleted, int ifNone) {
    for (SandboxAuthorization one : deleted) {
      log.deleted(new SandboxDeletion(one, exchange.trackingId, Instant.now()));
    }
    if (deleted.isEmpty() && ifNone != 204) {
      exchange.refuse(ifNone);
    } else {
      exchange.answer(204, null);
    }
  }

  private void refresh(Exchange exchange) {
    JsonObject answer = tokens.refresh(exchange.request.formAttributes());
    if (answer == null) {
      exchange.answer(
          400,
          new JsonObject()
              .put("error", "invalid_request")
              .put(
                  "error_description",
                  "The refresh token provided is expired, revoked, malformed, or invalid.")
              .toBuffer());
    } else {
      exchange.answer(200, answer.toBuffer());
    }
  }

  /** One request and its answer. */
  private final class Exchange {
    final HttpServerRequest request;
    final HttpServerResponse response;
    final @Nullable Operation operation;
    final String trackingId;
    boolean loseAnswer;

    Exchange(HttpServerRequest request, @Nullable Operation operation) {
      this.request = request;
      this.response = request.response();
      this.operation = operation;
      String sent = request.getHeader("TrackingID");
      this.trackingId = sent == null ? "ROUTERGW_" + UUID.randomUUID() : sent;
      // Webex repeats a tracking id that the client chose, comma-joined.
      response.putHeader("trackingid", sent == null ? trackingId : sent + ", " + sent);
      response.putHeader("cache-control", "no-cache, no-store");
    }

    void refuse(int status) {
      refuse(status, null, Fault.Body.JSON);
    }

    void refuse(int status, @Nullable String retryAfter, Fault.Body body) {
      if (retryAfter != null) {
        response.putHeader("Retry-After", retryAfter);
      }
      if (body == Fault.Body.HTML) {
        response.putHeader("Content-Type", "text/html");
      }
      answer(status, ErrorBodies.of(body, status, trackingId));
    }

    void answer(int status, @Nullable Buffer body) {
      if (operation != null) {
        log.answered(operation, status);
      }
      if (loseAnswer) {
        drop();
        return;
      }
      if (response.closed()) {
        return;
      }
      response.setStatusCode(status);
      if (body == null) {
        response.end();
        return;
      }
      if (!response.headers().contains("Content-Type")) {
        response.putHeader("Content-Type", "application/json");
      }
      response.end(body);
    }

    void drop() {
      response.reset();
    }
  }
}
