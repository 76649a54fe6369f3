package io.offboarder.cli;

import io.offboarder.cases.CaseState;
import io.offboarder.commands.CommandHistory;
import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.config.GuardConfig;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.Section;
import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.service.GuardStanding;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows how the guard stands, trips it, and lets one that has tripped begin again. */
@Command(
    name = "guard",
    description =
        "The bound on how many people and apps are touched within a time: how it stands, have"
            + " everything held, let it begin again.",
    footer = {
      "",
      "Examples:",
      "  offboarder guard status",
      "  offboarder guard trip --reason 'HR has sent the wrong file'",
      "  offboarder guard reset --reason 'the import was right: a site closes'",
      "  offboarder guard reset --kind terminations --reason 'checked with HR'"
    })
final class GuardCommand implements Runnable {
  private final Terminal terminal;
  private final Clock clock;
  private final ConfigOption config;

  @Spec private CommandSpec spec = CommandSpec.create();

  GuardCommand(Terminal terminal, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.clock = clock;
    this.config = config;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "what to do is missing: status, trip or reset");
  }

  @Command(
      name = "status",
      description = {
        "How many were touched within the window, what has tripped since when, and how many cases"
            + " are held.",
        "Kafka says it: the journal and the cases. The limits are those of the settings, which are to"
            + " be the service's. Exit code 1 while a bound has tripped."
      })
  Integer status(@Mixin SettingsFile settings, @Mixin FormOption form) {
    KafkaConfig kafka = config.readOrFail(Section.KAFKA, settings.path());
    GuardConfig bounds = config.readOrFail(Section.POLICY, settings.path()).guard();
    GuardStanding standing =
        GuardStanding.read(
            SettingsMapper.kafka(kafka),
            kafka.journalTopic(),
            kafka.groupId(),
            SettingsMapper.guard(bounds),
            clock.instant());
    long held =
        WaitingCases.read(kafka, kafka.caseTopic()).all().stream()
            .filter(one -> one.state() == CaseState.HELD)
            .count();
    boolean byHand = standing.state().trips().stream().anyMatch(trip -> trip.key().isByHand());
    CommandHistory commands =
        byHand
            ? CommandHistory.read(SettingsMapper.kafka(kafka), kafka.commandTopic())
            : new CommandHistory(List.of());
    GuardReport report = new GuardReport(bounds, standing, commands, held);
    if (form.isJson()) {
      terminal.out().println(report.json());
    } else {
      report.lines().forEach(terminal.out()::println);
    }
    return (standing.state().isTripped() ? ExitCode.FAILED : ExitCode.OK).code();
  }

  @Command(
      name = "trip",
      description = {
        "Hold everything from now on, however few it is: every case whose deletes have not begun"
            + " becomes held, on all instances, until \"offboarder guard reset\".",
        "What was begun is ended, and what was released is done. \"offboarder pause\" stops that"
            + " too. Restarts change nothing about it."
      })
  Integer trip(
      @Mixin SayOption say,
      @Option(
              names = "--kind",
              paramLabel = "KIND",
              description = "${COMPLETION-CANDIDATES} (default: both)")
          @Nullable Kind kind) {
    KafkaConfig kafka = config.readOrFail(Section.KAFKA, say.file());
    GuardConfig bounds = config.readOrFail(Section.POLICY, say.file()).guard();
    if (!SettingsMapper.guard(bounds).isOn()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          List.of(
              "policy.guard.terminations and policy.guard.decommissions are 0, so the guard is off"
                  + " and holds nothing; \"offboarder pause\" stops everything"));
    }
    return say(say, kafka, say.command(Verb.TRIP_GUARD, word(kind), null, clock), "has tripped");
  }

  private static @Nullable String word(@Nullable Kind kind) {
    return kind == null ? null : kind.toString();
  }

  @Command(
      name = "reset",
      description =
          "From now on as many may be touched again as the guard allows. What is held stays held:"
              + " see \"offboarder case release\".")
  Integer reset(
      @Mixin SayOption say,
      @Option(
              names = "--kind",
              paramLabel = "KIND",
              description = "${COMPLETION-CANDIDATES} (default: both)")
          @Nullable Kind kind,
      @Option(
              names = "--org",
              paramLabel = "ORG",
              description = "Of this org alone, where orgs are counted apart")
          @Nullable String org) {
    KafkaConfig kafka = config.readOrFail(Section.KAFKA, say.file());
    return say(
        say, kafka, say.command(Verb.RESET_GUARD, word(kind), org, clock), "has begun again");
  }

  private int say(SayOption say, KafkaConfig kafka, PersonsCommand command, String done) {
    String words =
        "said to the whole group (command "
            + command.id()
            + "); \"offboarder guard status\" tells when the guard "
            + done;
    say.say(kafka, List.of(command), terminal, words);
    return ExitCode.OK.code();
  }
}
