package io.offboarder.ops;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.service.OffboardingVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows probes and people how the service is: {@code /health/live} answers 200 while its loops
 * turn, {@code /health/ready} while nothing keeps it from revoking, else 503; the body has each
 * check, and of one that fails the reason in words. {@code /metrics} is for Prometheus, {@code /}
 * lists these.
 *
 * <p>A port that is taken is an error in the log and no reason not to revoke.
 */
public final class ManagementServer extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);

  /** Of Prometheus's text format. */
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
  private static final String INDEX =
      """
      Offboarder
      /health/live    200 while its threads make progress, else 503
      /health/ready   200 while nothing keeps it from revoking, else 503 and why
      /metrics        for Prometheus
      """;

  private final OffboardingVerticle service;
  private final String host;
  private final int port;
  private final PrometheusMeterRegistry registry;
  private final BrokerContact kafka;
  private final Liveness liveness;
  private final ServiceGauges gauges;
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private volatile @Nullable HttpServer server;

  /** A server for one service, which has to report to these metrics. */
  public ManagementServer(
      OffboardingVerticle service, ServiceMetrics metrics, String host, int port) {
    this(service, metrics, host, port, Liveness.USUAL);
  }

  ManagementServer(
      OffboardingVerticle service,
      ServiceMetrics metrics,
      String host,
      int port,
      Liveness liveness) {
    this.service = service;
    this.liveness = liveness;
    this.registry = metrics.registry();
    this.kafka = metrics.brokerContact();
    this.gauges = new ServiceGauges(service, kafka, registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    this.host = host;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    HealthChecks live = liveness.of(vertx, service);
    HealthChecks ready = HealthChecks.create(vertx);
    for (Readiness one : Readiness.values()) {
      ready.register(
          one.name().toLowerCase(Locale.ROOT),
          promise -> promise.complete(one.of(service.status(), kafka.problem())));
    }
    vertx.setPeriodic(BrokerContact.INTERVAL.toMillis(), tick -> kafka.check());
    HttpServer starting =
        vertx.createHttpServer().requestHandler(request -> answer(request, live, ready));
    return starting
        .listen(port, host)
        .onSuccess(
            listening -> {
              server = listening;
              LOG.info(
                  "health and metrics are served on http://{}:{}/health/ready and /metrics",
                  host,
                  listening.actualPort());
            })
        .otherwise(
            taken -> {
              LOG.error(
                  "health and metrics cannot be served on {}:{} ({}); set http.port to a free one, or to 0",
                  host,
                  port,
                  taken.getMessage());
              return starting;
            });
  }

  @Override
  public Future<?> stop() {
    garbageCollection.close();
    return Future.succeededFuture();
  }

  /** The port it listens on; 0 if it does not. */
  public int port() {
    HttpServer listening = server;
    return listening == null ? 0 : listening.actualPort();
  }

  private void answer(HttpServerRequest request, HealthChecks live, HealthChecks ready) {
    switch (String.valueOf(request.path())) {
      case "/health/live" -> answer(request, live);
      case "/health/ready" -> answer(request, ready);
      case "/metrics" -> metrics(request);
      case "/" -> request.response().putHeader("Content-Type", PLAIN_TEXT).end(INDEX);
      default -> request.response().setStatusCode(404).end();
    }
  }

  /** Hundreds of meters of Kafka's clients among them: more than the event loop has time for. */
  private void metrics(HttpServerRequest request) {
    vertx
        .executeBlocking(
            () -> {
              gauges.update();
              return registry.scrape();
            })
        .onSuccess(text -> request.response().putHeader("Content-Type", PROMETHEUS_TEXT).end(text))
        .onFailure(fault -> fail(request, fault));
  }

  private static void answer(HttpServerRequest request, HealthChecks checks) {
    checks
        .checkStatus()
        .onSuccess(
            result ->
                request
                    .response()
                    .setStatusCode(CheckResult.isUp(result) ? 200 : 503)
                    .putHeader("Content-Type", "application/json")
                    .end(result.toJson().encode() + "\n"))
        .onFailure(fault -> fail(request, fault));
  }

  private static void fail(HttpServerRequest request, Throwable fault) {
    LOG.error("{} could not be answered", request.path(), fault);
    request.response().setStatusCode(500).end();
  }
}
