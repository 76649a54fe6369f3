package io.offboarder.ops;

import io.offboarder.service.OffboardingVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells probes and people how the service is: {@code /health/live} answers 200 while its loops
 * turn, {@code /health/ready} while nothing keeps it from revoking, else 503; the body says what
 * does.
 *
 * <p>A port that is taken is an error in the log and no reason not to revoke.
 */
public final class ManagementServer extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);

  private final OffboardingVerticle service;
  private final String host;
  private final int port;
  private volatile @Nullable HttpServer server;

  /** A server for one service. */
  public ManagementServer(OffboardingVerticle service, String host, int port) {
    this.service = service;
    this.host = host;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    HttpServer starting = vertx.createHttpServer().requestHandler(this::answer);
    return starting
        .listen(port, host)
        .onSuccess(
            listening -> {
              server = listening;
              LOG.info("health is told on http://{}:{}/health/ready", host, listening.actualPort());
            })
        .otherwise(
            taken -> {
              LOG.error(
                  "health cannot be told on {}:{} ({}); set http.port to a free one, or 0",
                  host,
                  port,
                  taken.getMessage());
              return starting;
            });
  }

  /** The port it listens on; 0 if it does not. */
  public int port() {
    HttpServer listening = server;
    return listening == null ? 0 : listening.actualPort();
  }

  private void answer(HttpServerRequest request) {
    Readiness readiness = Readiness.of(service);
    switch (String.valueOf(request.path())) {
      case "/health/live" -> answer(request, readiness.live(), readiness);
      case "/health/ready" -> answer(request, readiness.live() && readiness.isReady(), readiness);
      default -> request.response().setStatusCode(404).end();
    }
  }

  private static void answer(HttpServerRequest request, boolean good, Readiness readiness) {
    JsonObject body =
        new JsonObject()
            .put("status", good ? "UP" : "DOWN")
            .put("obstacles", new JsonArray(readiness.obstacles()))
            .put("details", new JsonObject(readiness.details()));
    request
        .response()
        .setStatusCode(good ? 200 : 503)
        .putHeader("Content-Type", "application/json")
        .end(body.encode() + "\n");
  }
}
