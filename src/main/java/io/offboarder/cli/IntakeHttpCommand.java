package io.offboarder.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.config.HttpConfig;
import io.offboarder.config.Section;
import io.offboarder.config.SignaturesConfig;
import io.offboarder.config.WebhooksConfig;
import io.offboarder.kafka.KafkaFailure;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.kafka.Topics;
import io.offboarder.ops.ManagementServer;
import io.offboarder.ops.VertxMetrics;
import io.offboarder.port.ServerCertificate;
import io.offboarder.signature.SignatureSettings;
import io.offboarder.webhook.WebhookServer;
import io.offboarder.webhook.WebhookSettings;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes other systems' pushes into Kafka until it is stopped. */
@Command(
    name = "http",
    description = {
      "Take webhooks and security event tokens over HTTPS until SIGTERM or SIGINT, check who sent"
          + " them, and publish them to input topics as they are.",
      "It needs no credentials of the API, and never calls it."
    })
final class IntakeHttpCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(IntakeHttpCommand.class);

  private final Terminal terminal;
  private final StopSignal stop;
  private final Clock clock;

  @Mixin private final ConfigOption config;

  @Option(names = "--check", description = "Look at the settings and the topics, and end")
  private boolean check;

  IntakeHttpCommand(Terminal terminal, StopSignal stop, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.stop = stop;
    this.clock = clock;
    this.config = config;
  }

  @Override
  public Integer call() {
    WebhookSettings settings = settings();
    if (check) {
      return check(settings);
    }
    HttpConfig management = config.readOrFail(Section.HTTP);
    ShutdownBudget budget = new ShutdownBudget(config.readOrFail(Section.SHUTDOWN_TIMEOUT));
    var stopped = stop.listen(budget.total());
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Vertx vertx = VertxMetrics.vertx(registry);
    try {
      WebhookServer server = new WebhookServer(settings, budget.finishing(), registry, clock);
      deploy(
          vertx,
          new ManagementServer(
              new WebhookInspection(server, registry), SettingsMapper.management(management)));
      String deployment = deploy(vertx, server);
      stopped.join();
      LOG.info("stopping within {} s", budget.total().toSeconds());
      vertx
          .undeploy(deployment)
          .timeout(budget.toClosed().toMillis(), TimeUnit.MILLISECONDS)
          .toCompletionStage()
          .toCompletableFuture()
          .join();
      LOG.info("stopped");
      return ExitCode.OK.code();
    } catch (CompletionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static String deploy(Vertx vertx, io.vertx.core.Deployable verticle) {
    return vertx.deployVerticle(verticle).toCompletionStage().toCompletableFuture().join();
  }

  private static RuntimeException failure(Throwable cause) {
    return cause instanceof KafkaFailure kafka
        ? kafka
        : new CommandFailure(
            ExitCode.FAILED, "requests cannot be taken any more: " + cause.getMessage(), cause);
  }

  private WebhookSettings settings() {
    WebhooksConfig webhooks = config.readOrFail(Section.WEBHOOKS);
    if (webhooks.endpoints().all().isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          List.of("the settings have no endpoints (offboarder.webhooks.endpoints); expected some"));
    }
    SignatureSettings tokens = null;
    if (!webhooks.endpoints().forTokens().isEmpty()) {
      SignaturesConfig signatures = config.readOrFail(Section.SIGNATURES);
      tokens = SettingsMapper.signatures(signatures);
    }
    KafkaSettings kafka = SettingsMapper.kafka(config.readOrFail(Section.KAFKA));
    return new WebhookSettings(
        webhooks.host(),
        webhooks.port(),
        webhooks
            .tlsCertificateFile()
            .map(file -> new ServerCertificate(file, webhooks.tlsKeyFile().orElseThrow()))
            .orElse(null),
        new WebhookSettings.Limits(
            (int) Math.min(Integer.MAX_VALUE >> 1, webhooks.maxBodyBytes().bytes()),
            webhooks.maxConcurrency(),
            webhooks.maxConnections(),
            webhooks.maxRequestsPerSecond(),
            webhooks.readTimeout(),
            webhooks.publishTimeout()),
        kafka,
        webhooks.endpoints(),
        tokens);
  }

  private Integer check(WebhookSettings settings) {
    List<String> topics = settings.endpoints().topics();
    try (Topics kafka = Topics.open(settings.kafka())) {
      TreeSet<String> missing = new TreeSet<>(topics);
      missing.removeAll(kafka.partitions(topics).keySet());
      TreeSet<String> denied = new TreeSet<>(kafka.denied(Topics.Access.WRITE, topics));
      if (!missing.isEmpty()) {
        throw new CommandFailure(
            ExitCode.TOPICS, List.of("Kafka has no topic " + String.join(", ", missing)));
      }
      if (!denied.isEmpty()) {
        throw new CommandFailure(
            ExitCode.NOT_AUTHORIZED,
            List.of("Kafka does not allow publishing to " + String.join(", ", denied)));
      }
    }
    settings
        .endpoints()
        .all()
        .forEach(one -> terminal.out().println("ok    " + one.path() + " to " + one.topic()));
    return ExitCode.OK.code();
  }
}
