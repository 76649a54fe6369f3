package io.offboarder.bench.api;

import io.offboarder.bench.work.Task;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PfxOptions;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The bench API as a program: lists and deletes below {@code /v1/authorizations}, and below {@code
 * /bench} what a run needs. All of it on one event loop.
 */
public final class ApiServer {
  private static final String AUTHORIZATIONS = "/v1/authorizations";
  private static final String TOKEN_EXPIRY = AUTHORIZATIONS + "/tokenExpiry";
  private static final String BY_PERSON = AUTHORIZATIONS + "?personId=";

  private static final Duration TOKEN_LIFE = Duration.ofDays(14);

  /** The 99th percentile of the standard normal distribution. */
  private static final double Z99 = 2.326;

  private final Vertx vertx;
  private RunPlan plan = new RunPlan(0, 0, false, 0, 0, 0, 0, 0, 0);
  private People people = new People(0, false);
  private @Nullable RunWatch watch;
  private SplittableRandom random = new SplittableRandom(1);

  private ApiServer(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Serves until it is killed, given a port, another one for TLS, and the PKCS #12 file and
   * password of the certificate for that.
   */
  public static void main(String[] args) {
    Vertx vertx = Vertx.vertx();
    ApiServer api = new ApiServer(vertx);
    HttpServerOptions secured =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(new PfxOptions().setPath(args[2]).setPassword(args[3]));
    // Both on one event loop, which owns the state.
    vertx.runOnContext(
        go -> {
          api.listen(vertx.createHttpServer(), Integer.parseInt(args[0]));
          api.listen(vertx.createHttpServer(secured), Integer.parseInt(args[1]));
        });
  }

  private void listen(HttpServer server, int port) {
    server
        .requestHandler(this::handle)
        .listen(port, "127.0.0.1")
        .onFailure(
            failure -> {
              System.err.println("cannot listen on " + port + ": " + failure.getMessage());
              System.exit(1);
            });
  }

  private void handle(HttpServerRequest request) {
    String uri = request.uri();
    if (uri.startsWith("/bench/")) {
      control(request);
      return;
    }
    if (uri.equals(TOKEN_EXPIRY)) {
      // Offboarder's question whether the API is there, which it asks now and then while idle.
      long expires = System.currentTimeMillis() + TOKEN_LIFE.toMillis();
      request
          .response()
          .putHeader("Content-Type", "application/json")
          .end("{\"exp\":" + expires + "}");
      return;
    }
    RunWatch current = watch;
    if (current == null) {
      request.response().setStatusCode(503).end();
      return;
    }
    current.started();
    long millis = current.isPrompt() ? 0 : latencyMillis();
    if (millis < 1) {
      serve(request, current);
    } else {
      vertx.setTimer(millis, timer -> serve(request, current));
    }
  }

  private long latencyMillis() {
    if (plan.p99Millis() <= plan.medianMillis()) {
      return plan.medianMillis();
    }
    double sigma = Math.log((double) plan.p99Millis() / plan.medianMillis()) / Z99;
    return Math.round(plan.medianMillis() * Math.exp(sigma * random.nextGaussian()));
  }

  private void serve(HttpServerRequest request, RunWatch current) {
    HttpServerResponse response = request.response();
    String trackingId = request.getHeader("TrackingID");
    if (trackingId != null) {
      response.putHeader("trackingid", trackingId + ", " + trackingId);
    }
    if (!("Bearer " + Task.TOKEN).equals(request.getHeader("Authorization"))) {
      answer(response, current, 401, null);
    } else if (request.method().equals(HttpMethod.GET) && request.uri().startsWith(BY_PERSON)) {
      list(response, current, people.number(request.uri().substring(BY_PERSON.length())));
    } else if (request.method().equals(HttpMethod.DELETE)
        && request.uri().startsWith(AUTHORIZATIONS + "/")) {
      String id = request.uri().substring(AUTHORIZATIONS.length() + 1);
      boolean deleted = people.delete(id, RunWatch.nowMicros());
      answer(response, current, deleted ? 204 : 404, null);
    } else {
      answer(response, current, 404, null);
    }
  }

  private void list(HttpServerResponse response, RunWatch current, int person) {
    if (person < 0) {
      answer(response, current, 404, null);
      return;
    }
    Buffer body = people.listed(person);
    boolean done = people.isGone(person) && people.verified(person);
    answer(response, current, 200, body);
    if (done) {
      current.verified();
    }
  }

  private static void answer(
      HttpServerResponse response, RunWatch current, int status, @Nullable Buffer body) {
    current.answered(status);
    response.setStatusCode(status);
    if (body == null) {
      response.end();
    } else {
      response.putHeader("Content-Type", "application/json").end(body);
    }
  }

  private void control(HttpServerRequest request) {
    switch (request.path()) {
      case "/bench/course" -> request.body().onSuccess(body -> begin(request, body));
      case "/bench/watch" -> {
        if (watch != null) {
          watch.watch(
              Long.parseLong(request.getParam("contender")),
              Long.parseLong(request.getParam("broker")));
        }
        request.response().end();
      }
      case "/bench/standing" ->
          request.response().end(watch == null ? "{}" : watch.standing().json().encode());
      case "/bench/deletions" -> request.response().end(people.deletions());
      default -> request.response().setStatusCode(404).end();
    }
  }

  private void begin(HttpServerRequest request, Buffer body) {
    plan = RunPlan.read(body.toJsonObject());
    people = new People(plan.people(), plan.returning());
    watch = new RunWatch(vertx, plan);
    random = new SplittableRandom(1);
    request.response().end();
  }
}
