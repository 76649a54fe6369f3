package io.offboarder.cli;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.ops.Inspection;
import io.offboarder.webhook.WebhookServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;

/** What a management port shows of the process that takes other systems' pushes. */
final class WebhookInspection implements Inspection {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final WebhookServer server;
  private final PrometheusMeterRegistry registry;

  WebhookInspection(WebhookServer server, PrometheusMeterRegistry registry) {
    this.server = server;
    this.registry = registry;
  }

  @Override
  public HealthChecks live(Vertx vertx) {
    return HealthChecks.create(vertx)
        .register(
            "event-loop",
            PATIENCE.toMillis(),
            promise -> server.loopTurns().onComplete(turned -> promise.tryComplete(Status.OK())));
  }

  @Override
  public HealthChecks ready(Vertx vertx) {
    return HealthChecks.create(vertx)
        .register(
            "kafka",
            promise -> {
              String problem = server.problem();
              promise.complete(
                  problem == null
                      ? Status.OK()
                      : Status.KO(new JsonObject().put("reason", problem)));
            });
  }

  @Override
  public void update() {
    // The server keeps its meters up to date.
  }

  @Override
  public PrometheusMeterRegistry registry() {
    return registry;
  }
}
