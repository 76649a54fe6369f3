package io.offboarder.webhook;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.offboarder.kafka.RecordSender;
import io.offboarder.port.CertificateReload;
import io.offboarder.port.ServerCertificate;
import io.offboarder.webhook.WebhookMeters.Result;
import io.offboarder.webhook.WebhookSettings.Limits;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes other systems' pushes into Kafka. It answers a request once Kafka has it, and asks the
 * sender to send it again where that does not happen in time. Everything that strangers could fill
 * has a bound: connections, the time to send a request, bodies, requests at a time, and what known
 * senders may send in a second.
 */
public final class WebhookServer extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);
  private static final Duration SWEEP = Duration.ofMillis(250);
  private static final Duration SECRETS_CHECK = Duration.ofSeconds(5);

  private final WebhookSettings settings;
  private final Duration drainTimeout;
  private final MeterRegistry registry;
  private final Clock clock;
  private final OpenConnections connections;
  private final Map<String, WebhookMeters> meters;
  private final WebhookMeters elsewhere;
  private int inWork;
  private @Nullable RecordSender sender;
  private volatile @Nullable TopicWatch topics;
  private volatile @Nullable HttpServer server;
  private @Nullable CertificateReload reload;
  private Future<?> refreshing = Future.succeededFuture();
  private Future<?> looking = Future.succeededFuture();
  private boolean stopped;
  private volatile @Nullable Context loop;

  /**
   * A server that is yet to be deployed.
   *
   * @param drainTimeout how long a stop waits for what is in work
   */
  public WebhookServer(
      WebhookSettings settings, Duration drainTimeout, MeterRegistry registry, Clock clock) {
    this.settings = settings;
    this.drainTimeout = drainTimeout;
    this.registry = registry;
    this.clock = clock;
    Limits limits = settings.limits();
    this.connections =
        new OpenConnections(limits.connections(), limits.readTimeout(), System::nanoTime);
    this.meters =
        settings.endpoints().all().stream()
            .map(Endpoint::path)
            .collect(Collectors.toMap(path -> path, path -> WebhookMeters.of(registry, path)));
    this.elsewhere = WebhookMeters.elsewhere(registry);
  }

  /**
   * Listens; fails if the port is taken, the certificate is none, or Kafka's client cannot work
   * with its settings. Kafka may be away.
   */
  @Override
  public Future<?> start() {
    loop = context;
    Gauge.builder("offboarder.webhook.ready", this, it -> it.problem() == null ? 1 : 0)
        .description("1 while what comes would get into Kafka")
        .register(registry);
    return vertx
        .executeBlocking(this::open)
        .compose(
            opened -> {
              sender = opened;
              vertx.setPeriodic(SWEEP.toMillis(), tick -> connections.sweep());
              vertx.setPeriodic(
                  SECRETS_CHECK.toMillis(),
                  tick -> refreshing = blocking(() -> settings.endpoints().refreshSecrets()));
              // Not before: a start that fails is not stopped, and would leave a question open.
              return listen(opened).onSuccess(listening -> watch());
            });
  }

  private RecordSender open() {
    topics = new TopicWatch(settings.kafka(), settings.endpoints().topics());
    Limits limits = settings.limits();
    return RecordSender.open(
        settings.kafka().withPatience(limits.publishTimeout()),
        limits.bodyBytes(),
        limits.concurrency());
  }

  private void watch() {
    if (stopped) {
      return;
    }
    looking =
        blocking(Objects.requireNonNull(topics)::look)
            .onComplete(looked -> vertx.setTimer(TopicWatch.INTERVAL.toMillis(), again -> watch()));
  }

  private Future<Void> blocking(Runnable task) {
    return vertx.executeBlocking(
        () -> {
          task.run();
          return null;
        },
        false);
  }

  private Future<HttpServer> listen(RecordSender opened) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false);
    ServerCertificate certificate = settings.certificate();
    if (certificate != null) {
      certificate.addTo(options);
    }
    return vertx
        .createHttpServer(options)
        .connectionHandler(connections::opened)
        .requestHandler(router(opened))
        .listen()
        .onSuccess(
            listening -> {
              server = listening;
              if (certificate != null) {
                reload =
                    CertificateReload.start(
                        vertx, listening, options, certificate, ServerCertificate.USUAL_CHECK);
              }
              LOG.info(
                  "{} requests are taken on {}:{}",
                  certificate == null ? "http" : "https",
                  settings.host(),
                  listening.actualPort());
            });
  }

  private Router router(RecordSender opened) {
    Router router = Router.router(vertx);
    router.route().handler(this::begin);
    for (Endpoint endpoint : settings.endpoints().all()) {
      Reception reception =
          new Reception(
              vertx,
              endpoint,
              settings,
              opened,
              Objects.requireNonNull(meters.get(endpoint.path())),
              clock);
      router.get(endpoint.path()).handler(reception::greet);
      router.post(endpoint.path()).handler(reception::look);
      router
          .post(endpoint.path())
          .handler(
              BodyHandler.create(false)
                  .setBodyLimit(settings.limits().bodyBytes())
                  .setMergeFormAttributes(false))
          .handler(
              context -> {
                connections.received(context.request().connection());
                reception.receive(context);
              })
          .failureHandler(reception::failed);
      router.route(endpoint.path()).handler(reception::refuseMethod);
    }
    router.route().handler(this::nowhere);
    return router;
  }

  /**
   * Counts a request. One too many ends the one that has been coming for the longest time: a sender
   * that nobody knows yet must not keep others out by sending slowly.
   */
  private void begin(RoutingContext context) {
    if (inWork >= settings.limits().concurrency() && !connections.cutSlowest()) {
      meters.getOrDefault(context.normalizedPath(), elsewhere).count(Result.OVERLOADED);
      Answers.tooMany(context, 503, "too many requests at a time");
      return;
    }
    inWork++;
    connections.began(context.request().connection());
    context.addEndHandler(
        ended -> {
          inWork--;
          connections.answered(context.request().connection());
        });
    context.next();
  }

  private void nowhere(RoutingContext context) {
    elsewhere.count(Result.NOT_FOUND);
    Answers.refuse(context, new Refusal(404, "invalid_request", "nothing is taken at this path"));
  }

  /** Takes nothing new, waits for what is in work, and then for what is on its way to Kafka. */
  @Override
  public Future<?> stop() {
    stopped = true;
    HttpServer listening = server;
    Future<Void> drained =
        listening == null
            ? Future.succeededFuture()
            : listening.shutdown(drainTimeout.toMillis(), TimeUnit.MILLISECONDS);
    Future<?> read = reload == null ? Future.succeededFuture() : reload.stop();
    // What other threads do for it is awaited, since they answer to this event loop.
    return drained
        .eventually(() -> read)
        .eventually(() -> refreshing)
        .eventually(() -> blocking(this::close))
        .eventually(() -> looking);
  }

  private void close() {
    if (sender != null) {
      sender.close();
    }
    TopicWatch watched = topics;
    if (watched != null) {
      watched.close();
    }
  }

  /** The port that it listens on; 0 if it does not. From any thread. */
  public int port() {
    HttpServer listening = server;
    return listening == null ? 0 : listening.actualPort();
  }

  /** Why what comes would not get into Kafka, as last seen; null if it would. From any thread. */
  public @Nullable String problem() {
    TopicWatch watched = topics;
    return watched == null ? "it has not started yet" : watched.problem();
  }

  /** Completes once its event loop has had time for it. From any thread. */
  public Future<Void> loopTurns() {
    Context its = loop;
    Promise<Void> turned = Promise.promise();
    if (its == null) {
      turned.complete();
    } else {
      its.runOnContext(now -> turned.complete());
    }
    return turned.future();
  }

  /** The topics that it publishes to. */
  public List<String> topics() {
    return settings.endpoints().topics();
  }
}
