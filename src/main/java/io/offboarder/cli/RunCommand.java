package io.offboarder.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.config.OffboarderConfig;
import io.offboarder.config.Section;
import io.offboarder.ops.ManagementServer;
import io.offboarder.ops.ServiceMetrics;
import io.offboarder.ops.VertxMetrics;
import io.offboarder.service.EventTracing;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.stream.StreamFailure;
import io.offboarder.tracing.Tracing;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the service until it is stopped. */
@Command(name = "run", description = "Run the service until SIGTERM or SIGINT.")
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  /** How long one line of what is wrong with the topics is waited for once the engine has one. */
  private static final Duration BETTER_WORDS = Duration.ofSeconds(5);

  private final Terminal terminal;
  private final StopSignal stop;

  @Mixin private final ConfigOption config;

  @Option(names = "--create-topics", description = "Create the topics that are missing")
  private boolean createTopics;

  RunCommand(Terminal terminal, StopSignal stop, ConfigOption config) {
    this.terminal = terminal;
    this.stop = stop;
    this.config = config;
  }

  @Override
  public Integer call() {
    OffboarderConfig settings = config.readOrFail(Section.ALL);
    try (EventTracing tracing = tracing(settings.instanceId())) {
      return run(settings, tracing);
    }
  }

  private static EventTracing tracing(String instanceId) {
    try {
      return Tracing.by(System.getenv(), instanceId);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "OpenTelemetry's variables: " + e.getMessage(), e);
    }
  }

  private Integer run(OffboarderConfig settings, EventTracing tracing) {
    ShutdownBudget shutdown = new ShutdownBudget(settings.shutdownTimeout());
    CompletableFuture<Void> stopped = stop.listen(shutdown.total());
    LOG.info(
        "instance {} of group {} starts, for {}; stop it with SIGTERM",
        settings.instanceId(),
        settings.kafka().groupId(),
        String.join(", ", settings.kafka().inputTopics()));
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ServiceMetrics metrics = new ServiceMetrics(registry);
    RequiredTopics topics =
        new RequiredTopics(
            settings.kafka(),
            SettingsMapper.journal(settings),
            SettingsMapper.kafka(settings.kafka()),
            stopped);
    CompletableFuture<Boolean> ensured =
        CompletableFuture.supplyAsync(
            () ->
                topics.await(
                    createTopics ? RequiredTopics.IfMissing.CREATE : RequiredTopics.IfMissing.FAIL),
            task -> new Thread(task, "topics").start());
    OffboardingVerticle service =
        new OffboardingVerticle(
            SettingsMapper.service(settings),
            Clock.tickMillis(ZoneOffset.UTC),
            metrics,
            tracing,
            Future.fromCompletionStage(ensured).expecting(there -> there));
    Vertx vertx = VertxMetrics.vertx(registry);
    try {
      // First of all: a probe wants to know why a service that waits for Kafka is not ready.
      deploy(
          vertx,
          new ManagementServer(service, metrics, SettingsMapper.management(settings.http())));
      return serve(vertx, service, ensured, shutdown, stopped).code();
    } finally {
      await(vertx.close(), shutdown.margin());
    }
  }

  /** Starts the service and waits for its end, by a signal or a failure. */
  private ExitCode serve(
      Vertx vertx,
      OffboardingVerticle service,
      CompletableFuture<Boolean> ensured,
      ShutdownBudget shutdown,
      CompletableFuture<Void> stopped) {
    CompletableFuture<Void> terminated =
        service.terminated().toCompletionStage().toCompletableFuture();
    String deployment = deploy(vertx, service);
    try {
      await(ensured, terminated);
    } catch (RuntimeException refused) {
      await(vertx.undeploy(deployment), shutdown.toClosed());
      throw refused;
    }
    if (!stopped.isDone()) {
      LOG.info("the topics are there; joining the group and waiting for partitions");
    }
    CompletableFuture.anyOf(stopped, terminated.exceptionally(e -> null)).join();
    if (terminated.isCompletedExceptionally()) {
      return failure(terminated);
    }
    LOG.info("stopping within {} s", shutdown.total().toSeconds());
    if (!await(vertx.undeploy(deployment), shutdown.toClosed())) {
      return ExitCode.FAILED;
    }
    LOG.info("stopped");
    return terminated.isCompletedExceptionally() ? failure(terminated) : ExitCode.OK;
  }

  /** Waits for the topics; the reason why an engine does not start is often found there. */
  private static void await(CompletableFuture<Boolean> ensured, CompletableFuture<Void> engine) {
    CompletableFuture.anyOf(ensured, engine).exceptionally(e -> null).join();
    if (engine.isCompletedExceptionally()) {
      ensured.completeOnTimeout(false, BETTER_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    }
    try {
      ensured.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static String deploy(Vertx vertx, Deployable verticle) {
    return vertx.deployVerticle(verticle).toCompletionStage().toCompletableFuture().join();
  }

  /** Whether it ended within the time; says so if not. */
  private static boolean await(Future<?> closing, Duration within) {
    try {
      closing
          .toCompletionStage()
          .toCompletableFuture()
          .get(within.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      LOG.warn("not everything has ended in time; ending anyway");
    } catch (ExecutionException e) {
      LOG.warn("closing failed: {}", String.valueOf(e.getCause()));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private ExitCode failure(CompletableFuture<Void> terminated) {
    Throwable cause = terminated.handle((v, e) -> e).join();
    if (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    terminal.report(String.valueOf(cause.getMessage()).replaceAll("\\s*\\R\\s*", " "));
    return cause instanceof StreamFailure stream ? ExitCode.of(stream.reason()) : ExitCode.INTERNAL;
  }
}
