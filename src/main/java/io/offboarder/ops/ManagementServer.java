package io.offboarder.ops;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.ops.ManagementSettings.BearerToken;
import io.offboarder.port.CertificateReload;
import io.offboarder.port.ConnectionLimit;
import io.offboarder.port.ServerCertificate;
import io.offboarder.service.OffboardingVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows probes and people how the service is: {@code /health/live} answers 200 while its loops
 * turn, {@code /health/ready} while nothing keeps it from revoking, else 503; the body has each
 * check, and of one that fails the reason in words. {@code /metrics} is for Prometheus, {@code /}
 * lists these. Where a token is asked for, a request without it sees no more than the status of the
 * two checks.
 *
 * <p>It speaks HTTP/1.1 alone, and bounds what strangers can hold: connections, the time that one
 * may idle, and answers that wait to be read. A port that is taken is an error in the log and no
 * reason not to revoke.
 */
public final class ManagementServer extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);

  /** Some probes, some scrapers and some people; each may leave an answer of 1 MB unread. */
  static final int MAX_CONNECTIONS = 32;

  /** Longer than most intervals between two scrapes. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(20);

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

  private final Inspection inspection;
  private final ManagementSettings settings;
  private final Duration idleTimeout;
  private final Duration certificateCheck;
  private final PrometheusMeterRegistry registry;
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final ConnectionLimit connections = new ConnectionLimit(MAX_CONNECTIONS);
  private @Nullable Future<String> scrape;
  private @Nullable CertificateReload reload;
  private volatile @Nullable HttpServer server;

  /** A server for one service, which has to report to these metrics. */
  public ManagementServer(
      OffboardingVerticle service, ServiceMetrics metrics, ManagementSettings settings) {
    this(new ServiceInspection(service, metrics, Liveness.USUAL), settings);
  }

  /** A server for another process. */
  public ManagementServer(Inspection inspection, ManagementSettings settings) {
    this(inspection, settings, IDLE_TIMEOUT, ServerCertificate.USUAL_CHECK);
  }

  ManagementServer(
      OffboardingVerticle service,
      ServiceMetrics metrics,
      ManagementSettings settings,
      Liveness liveness,
      Duration idleTimeout,
      Duration certificateCheck) {
    this(
        new ServiceInspection(service, metrics, liveness), settings, idleTimeout, certificateCheck);
  }

  private ManagementServer(
      Inspection inspection,
      ManagementSettings settings,
      Duration idleTimeout,
      Duration certificateCheck) {
    this.inspection = inspection;
    this.settings = settings;
    this.idleTimeout = idleTimeout;
    this.certificateCheck = certificateCheck;
    this.registry = inspection.registry();
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
  }

  @Override
  public Future<?> start() {
    HealthChecks live = inspection.live(vertx);
    HealthChecks ready = inspection.ready(vertx);
    HttpServerOptions options = options();
    HttpServer starting =
        vertx
            .createHttpServer(options)
            .connectionHandler(connections::opened)
            .requestHandler(request -> accept(request, live, ready));
    return starting
        .listen(settings.port(), settings.host())
        .onSuccess(
            listening -> {
              server = listening;
              LOG.info(
                  "health and metrics are served on {}://{}:{}/health/ready and /metrics",
                  settings.tls() == null ? "http" : "https",
                  settings.host(),
                  listening.actualPort());
              ServerCertificate certificate = settings.tls();
              if (certificate != null) {
                reload =
                    CertificateReload.start(
                        vertx, listening, options, certificate, certificateCheck);
              }
            })
        .otherwise(
            fault -> {
              LOG.error(
                  "health and metrics cannot be served on {}:{} ({}); {}",
                  settings.host(),
                  settings.port(),
                  fault.getMessage(),
                  fault instanceof IOException
                      ? "set http.port to a free one, or to 0"
                      : "see http.tls-certificate-file and http.tls-key-file");
              return starting;
            });
  }

  private HttpServerOptions options() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false)
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setIdleTimeout((int) idleTimeout.toMillis());
    ServerCertificate certificate = settings.tls();
    if (certificate != null) {
      certificate.addTo(options);
    }
    return options;
  }

  /** Waits for what other threads do for it, since they answer to this event loop. */
  @Override
  public Future<?> stop() {
    garbageCollection.close();
    Future<?> read = reload == null ? Future.succeededFuture() : reload.stop();
    Future<String> running = scrape;
    return running == null ? read : read.eventually(() -> running.otherwiseEmpty());
  }

  /** The port it listens on; 0 if it does not. */
  public int port() {
    HttpServer listening = server;
    return listening == null ? 0 : listening.actualPort();
  }

  /** Answers what can be asked here, and gives up on those who do not read answers. */
  private void accept(HttpServerRequest request, HealthChecks live, HealthChecks ready) {
    connections.used(request.connection());
    if (request.response().writeQueueFull()) {
      ConnectionLimit.cut(request.connection());
    } else if (!isRead(request)) {
      request
          .response()
          .setStatusCode(405)
          .putHeader("Allow", "GET, HEAD")
          .putHeader("Connection", "close")
          .end()
          // Now, and not when the last of what it sends has been read.
          .onComplete(sent -> ConnectionLimit.cut(request.connection()));
    } else {
      BearerToken token = settings.token();
      boolean trusted = token == null || token.isIn(request.getHeader("Authorization"));
      answer(request, live, ready, trusted ? Detail.REASONS : Detail.STATUS);
    }
  }

  /** Whether it only reads, and has no body. */
  private static boolean isRead(HttpServerRequest request) {
    return (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD))
        && request.getHeader("Transfer-Encoding") == null
        && Objects.requireNonNullElse(request.getHeader("Content-Length"), "0").equals("0");
  }

  /** How much a request gets to see. */
  private enum Detail {
    STATUS,
    REASONS
  }

  private void answer(
      HttpServerRequest request, HealthChecks live, HealthChecks ready, Detail detail) {
    switch (String.valueOf(request.path())) {
      case "/health/live" -> answer(request, live, detail);
      case "/health/ready" -> answer(request, ready, detail);
      default -> {
        if (detail == Detail.STATUS) {
          request.response().setStatusCode(401).putHeader("WWW-Authenticate", "Bearer").end();
        } else {
          answer(request);
        }
      }
    }
  }

  private void answer(HttpServerRequest request) {
    switch (String.valueOf(request.path())) {
      case "/metrics" -> metrics(request);
      case "/" -> request.response().putHeader("Content-Type", PLAIN_TEXT).end(INDEX);
      default -> request.response().setStatusCode(404).end();
    }
  }

  private void metrics(HttpServerRequest request) {
    scrape()
        .onSuccess(text -> request.response().putHeader("Content-Type", PROMETHEUS_TEXT).end(text))
        .onFailure(fault -> fail(request, fault));
  }

  /**
   * All meters as text. Hundreds of Kafka's clients are among them: more than the event loop has
   * time for. Those who ask meanwhile share one, so that many take no more than a thread.
   */
  private Future<String> scrape() {
    Future<String> running = scrape;
    if (running == null || running.isComplete()) {
      running =
          vertx.executeBlocking(
              () -> {
                inspection.update();
                return registry.scrape();
              });
      scrape = running;
    }
    return running;
  }

  private static void answer(HttpServerRequest request, HealthChecks checks, Detail detail) {
    checks
        .checkStatus()
        .onSuccess(
            result -> {
              HttpServerResponse response =
                  request.response().setStatusCode(CheckResult.isUp(result) ? 200 : 503);
              if (detail == Detail.STATUS) {
                response.end();
              } else {
                response
                    .putHeader("Content-Type", "application/json")
                    .end(result.toJson().encode() + "\n");
              }
            })
        .onFailure(fault -> fail(request, fault));
  }

  private static void fail(HttpServerRequest request, Throwable fault) {
    LOG.error("{} could not be answered", request.path(), fault);
    request.response().setStatusCode(500).end();
  }
}
