package io.offboarder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.config.KafkaConfig;
import io.offboarder.event.DecodeError;
import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.EventType;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.kafka.EventPublisher;
import io.offboarder.kafka.EventPublisher.Message;
import io.offboarder.kafka.EventPublisher.Published;
import io.offboarder.policy.ActionPolicy;
import io.offboarder.policy.Decision.Refuse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
    description = "Publish an event, or a file of them, as an HR system would.",
    footer = {
      "",
      "Examples:",
      "  offboarder send user-terminated --person-email ann@example.com",
      "  offboarder send app-decommissioned --client-id C80f… --org-id Y2lz…",
      "  offboarder send --file events.ndjson"
    })
final class SendCommand implements Callable<Integer> {
  /** Published and reported together; bounds what waits in memory for Kafka. */
  private static final int CHUNK = 1_000;

  private final Terminal terminal;
  private final Clock clock;

  @Mixin private final ConfigOption config;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Events as JSON, one on each line; - reads standard input")
  private @Nullable String file;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Publish there (default: the input topic that is named after the event's kind)")
  private @Nullable String topic;

  SendCommand(Terminal terminal, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.clock = clock;
    this.config = config;
  }

  /** What every event may say. */
  static final class Attributes {
    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        description = "YAML file with the settings (default: the one that OFFBOARDER_CONFIG names)")
    private @Nullable Path config;

    @Option(
        names = "--org-id",
        paramLabel = "ID",
        description =
            "The org's id; for an app needed unless the service has a webex.default-org-id")
    private @Nullable String orgId;

    @Option(
        names = "--effective-at",
        paramLabel = "TIME",
        description = "When it takes effect, such as 2026-11-23T17:00:00Z")
    private @Nullable String effectiveAt;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why")
    private @Nullable String reason;

    @Option(
        names = "--id",
        paramLabel = "ID",
        description = "The event's id (default: a random one)")
    private @Nullable String id;

    @Option(
        names = "--source",
        paramLabel = "URI",
        defaultValue = "/offboarder/cli",
        description = "The event's source (default: ${DEFAULT-VALUE})")
    private String source = "";

    @Option(
        names = "--topic",
        paramLabel = "TOPIC",
        description = "Publish there (default: the input topic named after the event's kind)")
    private @Nullable String topic;
  }

  @Override
  public Integer call() {
    if (file == null) {
      throw new ParameterException(
          spec.commandLine(),
          "what to send is missing: user-terminated, app-decommissioned or --file");
    }
    KafkaConfig kafka = ConfigOption.orFail(config.readKafka());
    EventFile events =
        file.equals("-")
            ? EventFile.read("standard input", terminal.in())
            : EventFile.read(Path.of(file));
    return publish(kafka, events.events(topic == null), topic);
  }

  @Command(name = "user-terminated", description = "Say that a person has left.")
  Integer userTerminated(
      @Mixin Attributes attributes,
      @Option(names = "--person-id", paramLabel = "ID", description = "The person's Webex id")
          @Nullable String personId,
      @Option(
              names = "--person-email",
              paramLabel = "ADDRESS",
              description = "The person's e-mail address; without an id, what is asked for")
          @Nullable String personEmail) {
    if (isBlank(personId) && isBlank(personEmail)) {
      throw wrong("user-terminated", "who is missing: --person-id or --person-email");
    }
    ObjectNode event = event(EventType.USER_TERMINATED, attributes);
    ObjectNode data = event.withObject("/data");
    putIfGiven(data, "personId", personId);
    putIfGiven(data, "personEmail", personEmail);
    putShared(data, attributes);
    return publish(event, attributes);
  }

  @Command(name = "app-decommissioned", description = "Say that an app is retired in an org.")
  Integer appDecommissioned(
      @Mixin Attributes attributes,
      @Option(
              names = "--client-id",
              paramLabel = "ID",
              required = true,
              description = "The app's OAuth client id")
          String clientId,
      @Option(
              names = "--application-name",
              paramLabel = "NAME",
              description = "The app's name, for people")
          @Nullable String applicationName) {
    ObjectNode event = event(EventType.APP_DECOMMISSIONED, attributes);
    ObjectNode data = event.withObject("/data");
    data.put("clientId", clientId);
    putIfGiven(data, "applicationName", applicationName);
    putShared(data, attributes);
    return publish(event, attributes);
  }

  private ObjectNode event(EventType kind, Attributes attributes) {
    String id = attributes.id == null ? UUID.randomUUID().toString() : attributes.id;
    return OutgoingEvent.cloudEvent(id, attributes.source, kind, clock.instant());
  }

  private void putShared(ObjectNode data, Attributes attributes) {
    putIfGiven(data, "orgId", attributes.orgId);
    putIfGiven(data, "reason", attributes.reason);
    putIfGiven(data, "effectiveAt", attributes.effectiveAt);
  }

  private Integer publish(ObjectNode event, Attributes attributes) {
    String kind = event.path("type").asText();
    if (file != null) {
      throw wrong(kind, "--file and " + kind + " both say what to send; expected one of them");
    }
    OutgoingEvent outgoing = new OutgoingEvent(event, event.toString());
    // Whether an app's org may be left out is the service's to say: it may have a default.
    EventDecoder decoder = new EventDecoder(new DecoderSettings("the service's default"));
    wrongWith(outgoing.decodedBy(decoder))
        .ifPresent(
            error -> {
              throw wrong(kind, "nothing was sent: " + error.message());
            });
    KafkaConfig kafka = ConfigOption.orFail(config.readKafka(attributes.config));
    String to = attributes.topic == null ? topic : attributes.topic;
    return publish(kafka, List.of(outgoing), to);
  }

  private int publish(KafkaConfig kafka, List<OutgoingEvent> events, @Nullable String named) {
    List<Message> messages = new ArrayList<>();
    for (OutgoingEvent event : events) {
      messages.add(
          event.to(
              named != null
                  ? named
                  : topicFor(EventType.of(event.type()).orElseThrow(), kafka.inputTopics())));
    }
    LinkedHashSet<String> topics =
        messages.stream().map(Message::topic).collect(Collectors.toCollection(LinkedHashSet::new));
    if (messages.isEmpty()) {
      terminal.report("there is nothing to send");
      return ExitCode.OK.code();
    }
    try (EventPublisher publisher = EventPublisher.open(SettingsMapper.kafka(kafka), topics)) {
      for (int from = 0; from < messages.size(); from += CHUNK) {
        int to = Math.min(messages.size(), from + CHUNK);
        report(events.subList(from, to), publisher.publish(messages.subList(from, to)));
      }
    }
    return ExitCode.OK.code();
  }

  private Optional<DecodeError> wrongWith(Decoded decoded) {
    if (decoded instanceof Rejected rejected) {
      return Optional.of(rejected.error());
    }
    OffboardingEvent event = ((Understood) decoded).event();
    return new ActionPolicy().decide(event, clock.instant()) instanceof Refuse refuse
        ? Optional.of(refuse.error())
        : Optional.empty();
  }

  /** The input topic that is named after this kind; the first where none is. */
  private static String topicFor(EventType kind, List<String> inputTopics) {
    return inputTopics.stream()
        .filter(topic -> topic.endsWith(kind.word()))
        .findFirst()
        .orElse(inputTopics.get(0));
  }

  private void report(List<OutgoingEvent> events, List<Published> published) {
    for (int i = 0; i < published.size(); i++) {
      Published at = published.get(i);
      terminal
          .out()
          .println(
              "published "
                  + TerminalText.printable(events.get(i).id())
                  + " to "
                  + at.topic()
                  + ", partition "
                  + at.partition()
                  + ", offset "
                  + at.offset());
    }
  }

  private ParameterException wrong(String subcommand, String message) {
    return new ParameterException(
        spec.subcommands().getOrDefault(subcommand, spec.commandLine()), message);
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  private static void putIfGiven(ObjectNode data, String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      data.put(name, value);
    }
  }
}
