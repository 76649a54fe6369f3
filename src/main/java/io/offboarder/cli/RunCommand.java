package io.offboarder.cli;

import io.offboarder.config.ConfigReader;
import io.offboarder.config.OffboarderConfig;
import io.offboarder.kafka.KafkaUnavailableException;
import io.offboarder.kafka.KafkaUnavailableException.Kind;
import io.offboarder.kafka.Topics;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.stream.StreamFailure;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the service until it is told to stop. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = OffboarderCommand.Version.class,
    description = {
      "Runs the service until SIGTERM or Ctrl-C.",
      "Waits for Kafka and for the Webex API as long as it takes."
    },
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
  private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(10);

  private final ConfigReader reader;

  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = "--create-topics",
      description = "Create the topics that are missing, outcomes and dead letters kept 13 months.")
  private boolean createTopics;

  RunCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public Integer call() throws InterruptedException {
    OffboarderConfig settings = config.all(reader);
    prepareTopics(settings);
    Vertx vertx = Vertx.vertx();
    OffboardingVerticle verticle = new OffboardingVerticle(Wiring.service(settings));
    Stopping stopping = new Stopping(vertx);
    Runtime.getRuntime().addShutdownHook(stopping);
    LOG.info(
        "Instance {} of group {} reads {}",
        settings.instanceId(),
        settings.kafka().groupId(),
        settings.kafka().inputTopics());
    try {
      vertx.deployVerticle(verticle).toCompletionStage().toCompletableFuture().get();
      verticle.terminated().toCompletionStage().toCompletableFuture().get();
      return ExitCode.OK.code();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      if (stopping.isFirst()) {
        stopping.stopNow();
      }
    }
  }

  /** Closes Vert.x, and with it the service, in good order, when the process is told to end. */
  private static final class Stopping extends Thread {
    private final Vertx vertx;

    Stopping(Vertx vertx) {
      super("stop");
      this.vertx = vertx;
    }

    @Override
    public void run() {
      LOG.info("Stopping: finishing what is in flight, handing back the rest");
      stopNow();
      LOG.info("Stopped");
      // An orderly stop is no failure; left alone, the JVM would exit with 143.
      Runtime.getRuntime().halt(ExitCode.OK.code());
    }

    /** Whether the command ends by itself, not because the process was told to. */
    boolean isFirst() {
      try {
        return Runtime.getRuntime().removeShutdownHook(this);
      } catch (IllegalStateException alreadyStopping) {
        return false;
      }
    }

    void stopNow() {
      try {
        vertx.close().toCompletionStage().toCompletableFuture().get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException e) {
        LOG.warn("The service did not stop in good order: {}", e.getCause().toString());
      }
    }
  }

  /** Finds the topics, or makes them. A Kafka that does not answer is waited for. */
  private void prepareTopics(OffboarderConfig settings) throws InterruptedException {
    NeededTopics needed = NeededTopics.of(settings.kafka());
    while (true) {
      try (Topics topics =
          Topics.of(ConfigOption.clientProperties(settings.kafka()), KAFKA_TIMEOUT)) {
        if (createTopics) {
          needed.create(topics);
        }
        needed.require(topics);
        return;
      } catch (KafkaUnavailableException e) {
        if (e.kind() != Kind.UNREACHABLE) {
          throw ConfigOption.failure(e);
        }
        LOG.warn("{}; waiting for it", e.getMessage());
      }
    }
  }

  private static RuntimeException failure(Throwable cause) {
    if (!(cause instanceof StreamFailure failure)) {
      return new CommandFailure(ExitCode.INTERNAL, "a fault of this program: " + cause);
    }
    ExitCode code =
        switch (failure.reason()) {
          case NOT_AUTHORIZED -> ExitCode.NOT_AUTHORIZED;
          case NAME_IN_USE -> ExitCode.NAME_IN_USE;
          case CONFIGURATION, FOREIGN_OFFSET_METADATA -> ExitCode.USAGE;
          case RESULT_TOO_LARGE -> ExitCode.TOPICS;
          case INTERNAL -> ExitCode.INTERNAL;
        };
    LOG.debug("Stopped by", failure);
    return new CommandFailure(code, String.valueOf(failure.getMessage()));
  }
}
