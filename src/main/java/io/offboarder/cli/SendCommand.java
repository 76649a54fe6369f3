package io.offboarder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.Section;
import io.offboarder.event.DecodeError;
import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.EventType;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.policy.ActionPolicy;
import io.offboarder.policy.Decision.Refuse;
import io.offboarder.policy.PolicySettings;
import io.offboarder.protection.Untouched;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
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
      "  offboarder send --file leavers.csv --wait --timeout 10m"
    })
final class SendCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final StopSignal stop;
  private final Clock clock;

  @Mixin private final ConfigOption config;
  @Mixin private final WaitOption waiting = new WaitOption();
  @Mixin private final FormOption form = new FormOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "Events as JSON, one on each line, or in a file named .csv a table; - reads standard"
              + " input")
  private @Nullable String file;

  @Option(
      names = "--csv",
      description =
          "The file is a table: a header such as personEmail,reason and an event in each row")
  private boolean csv;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Publish there (default: the input topic that is named after the event's kind)")
  private @Nullable String topic;

  SendCommand(Terminal terminal, StopSignal stop, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.stop = stop;
    this.clock = clock;
    this.config = config;
  }

  /** What every event may say. */
  static final class Attributes {
    @Mixin private final WaitOption waiting = new WaitOption();
    @Mixin private final FormOption form = new FormOption();

    @Mixin private final SettingsFile settings = new SettingsFile();

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

    @Option(
        names = "--dry-run",
        description = "Delete nothing: the outcome says what would have been deleted")
    private boolean dryRun;

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
    KafkaConfig kafka = config.readOrFail(Section.KAFKA);
    EventFile read =
        file.equals("-")
            ? EventFile.read("standard input", terminal.in())
            : EventFile.read(Path.of(file));
    List<OutgoingEvent> events =
        csv || file.toLowerCase(Locale.ROOT).endsWith(".csv")
            ? read.rows(clock, event -> wrongWith(event).map(DecodeError::message))
            : read.events(topic == null);
    if (events.isEmpty()) {
      terminal.report("there is nothing to send");
      return ExitCode.OK.code();
    }
    boolean verbose = CommandLineProgram.isVerbose(spec);
    return send(
        kafka,
        events,
        topic,
        (verbose ? EventSender.Report.EACH : EventSender.Report.SUMMARY).or(form),
        waiting);
  }

  @Command(name = "user-terminated", description = "Say that a person has left.")
  Integer userTerminated(@Mixin Attributes attributes, @Mixin PersonOption person) {
    return publish(
        EventType.USER_TERMINATED,
        attributes,
        "who is missing: --person-id or --person-email",
        person.person().data());
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
    ObjectNode data = OutgoingEvent.data();
    data.put("clientId", clientId);
    OutgoingEvent.putIfGiven(data, "applicationName", applicationName);
    return publish(EventType.APP_DECOMMISSIONED, attributes, "", data);
  }

  @Command(
      name = "user-termination-rescinded",
      description = "Take back that a person has left: what waits for its time is cancelled.")
  Integer userTerminationRescinded(
      @Mixin Attributes attributes,
      @Mixin PersonOption person,
      @Option(
              names = "--event-id",
              paramLabel = "ID",
              description = "The id of the event that is taken back")
          @Nullable String eventId) {
    ObjectNode data = person.person().data();
    OutgoingEvent.putIfGiven(data, "eventId", eventId);
    return publish(
        EventType.USER_TERMINATION_RESCINDED,
        attributes,
        "what is taken back is missing: --person-id, --person-email or --event-id",
        data);
  }

  @Command(
      name = "app-decommission-rescinded",
      description = "Take back that an app is retired: what waits for its time is cancelled.")
  Integer appDecommissionRescinded(
      @Mixin Attributes attributes,
      @Option(names = "--client-id", paramLabel = "ID", description = "The app's OAuth client id")
          @Nullable String clientId,
      @Option(
              names = "--event-id",
              paramLabel = "ID",
              description = "The id of the event that is taken back")
          @Nullable String eventId) {
    ObjectNode data = OutgoingEvent.data();
    OutgoingEvent.putIfGiven(data, "clientId", clientId);
    OutgoingEvent.putIfGiven(data, "eventId", eventId);
    return publish(
        EventType.APP_DECOMMISSION_RESCINDED,
        attributes,
        "what is taken back is missing: --client-id or --event-id",
        data);
  }

  /** Sends an event with this data, unless that names nothing: then the message says so. */
  private Integer publish(EventType type, Attributes attributes, String nothing, ObjectNode data) {
    String kind = type.word();
    if (data.isEmpty()) {
      throw wrong(kind, nothing);
    }
    OutgoingEvent.putIfGiven(data, "orgId", attributes.orgId);
    OutgoingEvent.putIfGiven(data, "reason", attributes.reason);
    OutgoingEvent.putIfGiven(data, "effectiveAt", attributes.effectiveAt);
    if (attributes.dryRun) {
      data.put("dryRun", true);
    }
    String id = attributes.id == null ? UUID.randomUUID().toString() : attributes.id;
    ObjectNode event = OutgoingEvent.cloudEvent(id, attributes.source, type, clock.instant());
    event.set("data", data);
    if (file != null) {
      throw wrong(kind, "--file and " + kind + " both say what to send; expected one of them");
    }
    OutgoingEvent outgoing = new OutgoingEvent(event, event.toString());
    wrongWith(outgoing)
        .ifPresent(
            error -> {
              throw wrong(kind, "nothing was sent: " + error.message());
            });
    KafkaConfig kafka = config.readOrFail(Section.KAFKA, attributes.settings.path());
    String to = attributes.topic == null ? topic : attributes.topic;
    return send(
        kafka,
        List.of(outgoing),
        to,
        EventSender.Report.EACH.or(attributes.form.isJson() ? attributes.form : form),
        attributes.waiting.isGiven() ? attributes.waiting : waiting);
  }

  private int send(
      KafkaConfig kafka,
      List<OutgoingEvent> events,
      @Nullable String to,
      EventSender.Report report,
      WaitOption waiting) {
    EventSender sender = new EventSender(terminal, stop, kafka, report);
    ExitCode exit =
        waiting.isGiven()
            ? sender.sendAndWait(events, to, waiting.timeout())
            : sender.send(events, to);
    return exit.code();
  }

  private Optional<DecodeError> wrongWith(OutgoingEvent outgoing) {
    // Whether an app's org may be left out is the service's to say: it may have a default.
    EventDecoder decoder =
        new EventDecoder(new DecoderSettings("the-services-default", ZoneOffset.UTC));
    Decoded decoded = outgoing.decodedBy(decoder);
    if (decoded instanceof Rejected rejected) {
      return Optional.of(rejected.error());
    }
    OffboardingEvent event = ((Understood) decoded).event();
    return new ActionPolicy(PolicySettings.defaults())
                .decide(event, clock.instant(), Untouched.NOTHING)
            instanceof Refuse refuse
        ? Optional.of(refuse.error())
        : Optional.empty();
  }

  private ParameterException wrong(String subcommand, String message) {
    return new ParameterException(
        spec.subcommands().getOrDefault(subcommand, spec.commandLine()), message);
  }
}
