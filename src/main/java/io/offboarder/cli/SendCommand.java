package io.offboarder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.config.ConfigReader;
import io.offboarder.config.KafkaConfig;
import io.offboarder.kafka.EventPublisher;
import io.offboarder.kafka.KafkaUnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Publishes events, as an HR system would. */
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    versionProvider = OffboarderCommand.Version.class,
    description = {
      "Publishes an event, or a file of events.",
      "Terminations go to the first input topic, decommissions to the last."
    },
    synopsisSubcommandLabel = "[user-terminated | app-decommissioned]")
final class SendCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final String USER_TERMINATED = "user-terminated";
  private static final String APP_DECOMMISSIONED = "app-decommissioned";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConfigReader reader;

  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Publish the events in this file, one JSON object a line; - is standard input.")
  private @Nullable Path file;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Publish to this topic instead.")
  private @Nullable String topic;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  SendCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public Integer call() {
    if (file == null) {
      throw new ParameterException(
          spec.commandLine(), "expected user-terminated, app-decommissioned or --file");
    }
    List<ObjectNode> events = new ArrayList<>();
    try (BufferedReader lines =
        file.toString().equals("-")
            ? new BufferedReader(new InputStreamReader(System.in, UTF_8))
            : Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          events.add(parse(line, number));
        }
      }
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.USAGE, "file " + file + " does not exist");
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "file " + file + " cannot be read: " + e);
    }
    return publish(config.kafka(reader), events);
  }

  private ObjectNode parse(String line, int number) {
    try {
      if (JSON.readTree(line) instanceof ObjectNode event) {
        return event;
      }
    } catch (JsonProcessingException e) {
      // said below
    }
    throw new CommandFailure(
        ExitCode.USAGE, file + ", line " + number + " is no JSON object; nothing was sent");
  }

  @Command(
      name = USER_TERMINATED,
      mixinStandardHelpOptions = true,
      versionProvider = OffboarderCommand.Version.class,
      description = "Says that a person has left.")
  int userTerminated(
      @Mixin ConfigOption own,
      @Option(names = "--person-email", paramLabel = "ADDRESS", description = "Who left.")
          @Nullable String personEmail,
      @Option(names = "--person-id", paramLabel = "ID", description = "Who left.")
          @Nullable String personId,
      @Option(names = "--org-id", paramLabel = "ID") @Nullable String orgId,
      @Mixin EventOptions options) {
    if (personEmail == null && personId == null) {
      throw new ParameterException(
          spec.commandLine().getSubcommands().get(USER_TERMINATED),
          "expected --person-email or --person-id");
    }
    ObjectNode event = options.event(USER_TERMINATED);
    ObjectNode data = event.withObject("data");
    put(data, "personId", personId);
    put(data, "personEmail", personEmail);
    put(data, "orgId", orgId);
    options.addTo(data);
    return publish(own.kafka(reader), List.of(event));
  }

  @Command(
      name = APP_DECOMMISSIONED,
      mixinStandardHelpOptions = true,
      versionProvider = OffboarderCommand.Version.class,
      description = "Says that an app is retired.")
  int appDecommissioned(
      @Mixin ConfigOption own,
      @Option(
              names = "--client-id",
              required = true,
              paramLabel = "ID",
              description = "The app's OAuth client id.")
          String clientId,
      @Option(
              names = "--org-id",
              paramLabel = "ID",
              description = "Whose authorizations are to go; the service may have a default.")
          @Nullable String orgId,
      @Option(names = "--application-name", paramLabel = "NAME") @Nullable String name,
      @Mixin EventOptions options) {
    ObjectNode event = options.event(APP_DECOMMISSIONED);
    ObjectNode data = event.withObject("data");
    put(data, "clientId", clientId);
    put(data, "orgId", orgId);
    put(data, "applicationName", name);
    options.addTo(data);
    return publish(own.kafka(reader), List.of(event));
  }

  /** What every event may say. */
  static final class EventOptions {
    @Option(names = "--reason", paramLabel = "TEXT")
    private @Nullable String reason;

    @Option(
        names = "--effective-at",
        paramLabel = "TIME",
        description = "When it takes effect, as 2026-11-23T17:00:00Z.")
    private @Nullable String effectiveAt;

    @Option(names = "--id", paramLabel = "ID", description = "The event's id (default: random).")
    private @Nullable String id;

    @Option(
        names = "--source",
        paramLabel = "URI",
        defaultValue = "/offboarder/cli",
        description = "The event's source (default: ${DEFAULT-VALUE}).")
    private String source = "/offboarder/cli";

    ObjectNode event(String type) {
      return JSON.createObjectNode()
          .put("specversion", "1.0")
          .put("id", id == null ? UUID.randomUUID().toString() : id)
          .put("source", source)
          .put("type", type)
          .put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
          .put("datacontenttype", "application/json");
    }

    void addTo(ObjectNode data) {
      put(data, "reason", reason);
      put(data, "effectiveAt", effectiveAt);
    }
  }

  private static void put(ObjectNode data, String name, @Nullable String value) {
    if (value != null) {
      data.put(name, value);
    }
  }

  private int publish(KafkaConfig kafka, List<ObjectNode> events) {
    PrintWriter out = spec.commandLine().getOut();
    try (EventPublisher publisher =
        EventPublisher.of(ConfigOption.clientProperties(kafka), TIMEOUT)) {
      for (ObjectNode event : events) {
        out.println(
            "sent "
                + event.path("id").asText("?")
                + " to "
                + publisher.publish(record(kafka, event)));
        out.flush();
      }
      return ExitCode.OK.code();
    } catch (KafkaUnavailableException e) {
      throw ConfigOption.failure(e);
    }
  }

  /** Structured mode for CloudEvents, plain JSON for the rest; keyed by whom the event is about. */
  private ProducerRecord<byte[], byte[]> record(KafkaConfig kafka, ObjectNode event) {
    List<String> inputs = kafka.inputTopics();
    boolean app = event.path("type").asText().contains(APP_DECOMMISSIONED);
    String to = topic != null ? topic : inputs.get(app ? inputs.size() - 1 : 0);
    String key = key(event.path("data").isObject() ? event.path("data") : event);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            to, key == null ? null : key.getBytes(UTF_8), event.toString().getBytes(UTF_8));
    record
        .headers()
        .add(
            "content-type",
            (event.has("specversion") ? "application/cloudevents+json" : "application/json")
                .getBytes(UTF_8));
    return record;
  }

  private static @Nullable String key(JsonNode data) {
    if (data.hasNonNull("personId")) {
      return data.path("personId").asText();
    }
    return data.hasNonNull("personEmail")
        ? data.path("personEmail").asText().toLowerCase(Locale.ROOT)
        : data.path("clientId").asText(null);
  }
}
