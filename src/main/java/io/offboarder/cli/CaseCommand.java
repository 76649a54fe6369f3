package io.offboarder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.cases.CaseRecord;
import io.offboarder.cases.CaseState;
import io.offboarder.cases.WaitingCase;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.Section;
import io.offboarder.text.Printable;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what waits, and ends it. */
@Command(
    name = "case",
    description =
        "Show what waits, for its time or for a person; cancel what is scheduled, release or"
            + " discard what is held.",
    footer = {
      "",
      "Examples:",
      "  offboarder case list --person ann@example.com",
      "  offboarder case show 41f50128",
      "  offboarder case cancel 41f50128 --reason 'stays after all'",
      "  offboarder case release --file sales.txt --reason 'checked with HR'",
      "  offboarder case discard --all --reason 'a wrong import'"
    })
final class CaseCommand implements Runnable {
  private final Terminal terminal;
  private final StopSignal stop;
  private final Clock clock;
  private final ConfigOption config;

  @Spec private CommandSpec spec = CommandSpec.create();

  CaseCommand(Terminal terminal, StopSignal stop, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.stop = stop;
    this.clock = clock;
    this.config = config;
  }

  /** The command, with the commands below it. */
  static CommandSpec create(
      Terminal terminal, StopSignal stop, Clock clock, Supplier<ConfigOption> config) {
    CommandSpec cases =
        CommandSpec.forAnnotatedObject(new CaseCommand(terminal, stop, clock, config.get()));
    cases.addSubcommand(
        "release",
        CommandSpec.forAnnotatedObject(new CaseWord.Release(terminal, clock, config.get())));
    cases.addSubcommand(
        "discard",
        CommandSpec.forAnnotatedObject(new CaseWord.Discard(terminal, clock, config.get())));
    return cases;
  }

  /** Where they are, and how they are shown. */
  static final class Place {
    @Mixin private SettingsFile settings = new SettingsFile();

    @Option(
        names = "--topic",
        paramLabel = "TOPIC",
        description = "Read there (default: the configured topic of cases)")
    private @Nullable String topic;
  }

  /** How cases are shown. */
  enum Form {
    TABLE,
    JSON
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "what to do is missing: list, show, cancel, release or discard");
  }

  @Command(name = "list", description = "What waits, those that are due first.")
  Integer list(
      @Mixin Place place,
      @Option(
              names = "--person",
              paramLabel = "WHO",
              description = "About this person: e-mail address or id")
          @Nullable String person,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              split = ",",
              description =
                  "In one of these states: ${COMPLETION-CANDIDATES} (default: all but rescinds"
                      + " that have ended)")
          @Nullable List<CaseState> states,
      @Option(
              names = "--due-from",
              paramLabel = "TIME",
              converter = PointInTime.Converter.class,
              description = "Due then or later: a day (UTC) or a time in ISO 8601")
          @Nullable PointInTime from,
      @Option(
              names = "--due-until",
              paramLabel = "TIME",
              converter = PointInTime.Converter.class,
              description = "Due up to then, a day included")
          @Nullable PointInTime until,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FORM",
              defaultValue = "table",
              description = "table, or json: one record on each line (default: ${DEFAULT-VALUE})")
          Form form) {
    KafkaConfig kafka = config.readOrFail(Section.KAFKA, place.settings.path());
    String topic = place.topic == null ? kafka.caseTopic() : place.topic;
    WaitingCases cases = WaitingCases.read(kafka, topic);
    Set<CaseState> asked =
        states == null
            ? EnumSet.complementOf(EnumSet.of(CaseState.RESCIND_KEPT))
            : EnumSet.copyOf(states);
    People people = new People(person == null ? List.of() : List.of(person));
    Predicate<WaitingCase> fits =
        one ->
            asked.contains(one.state())
                && (person == null || people.has(one.event().subject()))
                && (from == null || !one.due().isBefore(from.start(clock)))
                && (until == null || one.due().isBefore(until.end(clock)));
    List<WaitingCase> shown = cases.all().stream().filter(fits).toList();
    if (form == Form.JSON) {
      shown.forEach(one -> terminal.out().println(json(cases, one)));
      return ExitCode.OK.code();
    }
    if (shown.isEmpty()) {
      terminal.report("nothing waits in the topic " + topic + " that fits");
      return ExitCode.OK.code();
    }
    WaitingTable table = new WaitingTable(terminal.columns(), kafka.inputTopics());
    terminal.out().println(table.header());
    shown.forEach(one -> terminal.out().println(table.row(one)));
    return ExitCode.OK.code();
  }

  private static String json(WaitingCases cases, WaitingCase one) {
    return Printable.json(new String(cases.json(one), UTF_8));
  }

  @Command(name = "show", description = "One case that waits: all that is known of it.")
  Integer show(
      @Mixin Place place,
      @Parameters(paramLabel = "CASE", description = "Its id, or how that begins") String caseId,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FORM",
              defaultValue = "table",
              description = "table, or json: the record as it lies on the topic")
          Form form) {
    KafkaConfig kafka = config.readOrFail(Section.KAFKA, place.settings.path());
    String topic = place.topic == null ? kafka.caseTopic() : place.topic;
    WaitingCases cases = WaitingCases.read(kafka, topic);
    WaitingCase one = one(cases, topic, caseId);
    if (form == Form.JSON) {
      terminal.out().println(json(cases, one));
    } else {
      describe(cases.record(one));
    }
    return ExitCode.OK.code();
  }

  private static WaitingCase one(WaitingCases cases, String topic, String caseId) {
    List<WaitingCase> found = cases.beginning(caseId);
    if (found.size() != 1) {
      throw new CommandFailure(
          ExitCode.FAILED,
          List.of(
              found.isEmpty()
                  ? "no case "
                      + TerminalText.printable(caseId)
                      + " waits in the topic "
                      + topic
                      + "; \"offboarder outcomes\" shows how it ended"
                  : found.size()
                      + " cases begin with "
                      + TerminalText.printable(caseId)
                      + "; expected more of the id"));
    }
    return found.get(0);
  }

  private void describe(CaseRecord record) {
    WaitingCase one = record.waiting();
    line("case", one.caseId());
    line("state", one.state().toString());
    line("due", one.due().toString());
    line("since", one.since().toString());
    line("why", one.why());
    line("who", WaitingTable.who(one.event().subject()));
    line("kind", one.event().kind().word());
    line("event", one.event().id());
    line("source", one.event().source());
    line("happened", one.event().time().toString());
    line("reason", record.event().reason());
    if (one.done() != null) {
      line("ended", one.done().status() + " at " + one.done().at());
    }
    line(
        "came as",
        one.event().input().topic()
            + "-"
            + one.event().input().partition()
            + "@"
            + one.event().input().offset());
    line("arrived", one.event().input().arrivedAt().toString());
  }

  private void line(String name, @Nullable String words) {
    if (words != null) {
      terminal.out().println(TerminalText.left(name, 10) + TerminalText.printable(words));
    }
  }

  @Command(
      name = "cancel",
      description =
          "Take scheduled events back: publishes a rescind of each where the event came from. Of a"
              + " case that is done, it calls off the second looks.")
  Integer cancel(
      @Mixin Place place,
      @Mixin WaitOption waiting,
      @Mixin FormOption form,
      @Parameters(arity = "1..*", paramLabel = "CASE", description = "Its id, or how that begins")
          List<String> caseIds,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why")
          @Nullable String reason) {
    KafkaConfig kafka = config.readOrFail(Section.KAFKA, place.settings.path());
    String topic = place.topic == null ? kafka.caseTopic() : place.topic;
    WaitingCases cases = WaitingCases.read(kafka, topic);
    Map<String, List<OutgoingEvent>> rescinds =
        Rescinds.of(
            caseIds.stream().map(caseId -> one(cases, topic, caseId)).toList(),
            reason,
            clock.instant());
    EventSender.Report report =
        caseIds.size() == 1 ? EventSender.Report.EACH : EventSender.Report.SUMMARY;
    EventSender sender = new EventSender(terminal, stop, kafka, report.or(form));
    ExitCode worst = ExitCode.OK;
    for (Map.Entry<String, List<OutgoingEvent>> one : rescinds.entrySet()) {
      ExitCode code =
          waiting.isGiven()
              ? sender.sendAndWait(one.getValue(), one.getKey(), waiting.timeout())
              : sender.send(one.getValue(), one.getKey());
      worst = code.code() > worst.code() ? code : worst;
    }
    return worst.code();
  }
}
