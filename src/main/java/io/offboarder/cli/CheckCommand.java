package io.offboarder.cli;

import io.offboarder.config.ConfigReader;
import io.offboarder.config.OffboarderConfig;
import io.offboarder.kafka.KafkaUnavailableException;
import io.offboarder.kafka.Topics;
import io.offboarder.webex.Answer;
import io.offboarder.webex.Answer.Done;
import io.offboarder.webex.Answer.Refused;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.Caller;
import io.offboarder.webex.Caller.Urgency;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tries everything that the service needs, once. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    versionProvider = OffboarderCommand.Version.class,
    description = "Checks the settings, Kafka, the topics and the API's token; one line per check.")
final class CheckCommand implements Callable<Integer> {
  private final ConfigReader reader;

  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long to wait for Kafka and for the API, each (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  @Spec private CommandSpec spec;

  private boolean failed;

  @SuppressWarnings("NullAway.Init")
  CheckCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public Integer call() throws InterruptedException {
    OffboarderConfig settings;
    try {
      settings = config.all(reader);
    } catch (CommandFailure e) {
      e.lines().forEach(line -> say(false, "configuration", line));
      return ExitCode.FAILED.code();
    }
    say(true, "configuration", "instance " + settings.instanceId());
    checkKafka(settings);
    checkApi(settings);
    return failed ? ExitCode.FAILED.code() : ExitCode.OK.code();
  }

  private void checkKafka(OffboarderConfig settings) {
    String servers = settings.kafka().bootstrapServers();
    NeededTopics needed = NeededTopics.of(settings.kafka());
    try (Topics topics =
        Topics.of(
            ConfigOption.clientProperties(settings.kafka()), Duration.ofSeconds(timeoutSeconds))) {
      Map<String, OptionalInt> partitions = topics.partitions(needed.purposes().keySet());
      say(true, "kafka", servers + " answers");
      partitions.forEach(
          (topic, count) ->
              say(
                  count.isPresent(),
                  "topic " + topic,
                  count.isPresent()
                      ? count.getAsInt() + " partitions"
                      : "is missing; 'run --create-topics' makes it"));
    } catch (KafkaUnavailableException e) {
      say(false, "kafka", String.valueOf(e.getMessage()));
    }
  }

  private void checkApi(OffboarderConfig settings) throws InterruptedException {
    String url = settings.webex().baseUrl().toString();
    Vertx vertx = Vertx.vertx();
    AuthorizationsClient client =
        AuthorizationsClient.create(vertx, Wiring.webex(settings.webex()));
    try {
      Answer<Instant> answer =
          client
              .tokenExpiry(new Caller("check", Urgency.TERMINATION))
              .toCompletionStage()
              .toCompletableFuture()
              .get(timeoutSeconds, TimeUnit.SECONDS);
      if (answer instanceof Done<Instant> done) {
        Duration left = Duration.between(Instant.now(), done.value());
        say(
            !left.isNegative(),
            "api",
            "%s answers; the token expires at %s, in %d h"
                .formatted(url, done.value().truncatedTo(ChronoUnit.SECONDS), left.toHours()));
      } else if (answer instanceof Refused<Instant> refused) {
        say(
            false,
            "api",
            "%s answered %d: %s"
                .formatted(url, refused.refusal().httpStatus(), refused.refusal().message()));
      }
    } catch (TimeoutException e) {
      say(
          false,
          "api",
          "%s: no good answer within %d s (%s)"
              .formatted(url, timeoutSeconds, client.status().words()));
    } catch (ExecutionException e) {
      say(false, "api", url + ": " + e.getCause());
    } finally {
      client.close();
      vertx.close();
    }
  }

  private void say(boolean good, String what, String result) {
    failed |= !good;
    PrintWriter out = spec.commandLine().getOut();
    out.println((good ? "ok      " : "FAILED  ") + what + ": " + result.replaceAll("\\s+", " "));
    out.flush();
  }
}
