package io.offboarder.cli;

import io.offboarder.config.ConfigReader;
import io.offboarder.kafka.KafkaFailure;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program as its users see it: {@code offboarder COMMAND …}. */
@Command(
    name = "offboarder",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    usageHelpAutoWidth = true,
    description =
        "Revokes the Webex authorizations of people who left and of apps that were retired,"
            + " exactly once and provably.",
    footer = {
      "",
      "Too many are being revoked? In this order:",
      "  offboarder pause --reason 'wrong file'        stops everything",
      "  offboarder guard trip --reason 'wrong file'   has all held that has not begun",
      "  offboarder resume --reason 'to be held'       nobody else is touched now",
      "  offboarder case list --state held             who is held, and why",
      "  offboarder case release --help                have some of them done",
      "  offboarder case discard --help                end the others",
      "docs/RUNBOOK.md says the same at length.",
      "",
      "Settings: docs/CONFIGURATION.md; commands: docs/COMMANDS.md"
    })
public final class CommandLineProgram implements Runnable {
  /** Commands that are about the other commands. */
  private static final Set<String> ABOUT_ALL = Set.of("help", "completion");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Say more: each event that is sent, the stack trace of an unexpected error")
  private boolean verbose;

  private CommandLineProgram() {}

  /**
   * Runs one command to its end. Never throws; never ends the process.
   *
   * @return the exit code, one of {@link ExitCode}
   */
  public static int run(
      Terminal terminal, StopSignal stop, ConfigReader reader, Clock clock, String... arguments) {
    CommandLineProgram program = new CommandLineProgram();
    CommandLine line = new CommandLine(program);
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("run", () -> new RunCommand(terminal, stop, new ConfigOption(reader)));
    commands.put("send", () -> new SendCommand(terminal, stop, clock, new ConfigOption(reader)));
    commands.put(
        "revoke", () -> new RevokeCommand(terminal, stop, clock, new ConfigOption(reader)));
    commands.put("plan", () -> new PlanCommand(terminal, clock, new ConfigOption(reader)));
    commands.put("replay", () -> new ReplayCommand(terminal, clock, new ConfigOption(reader)));
    commands.put(
        "outcomes", () -> new OutcomesCommand(terminal, stop, clock, new ConfigOption(reader)));
    commands.put(
        "case", () -> CaseCommand.create(terminal, stop, clock, () -> new ConfigOption(reader)));
    commands.put(
        "dead-letters", () -> new DeadLettersCommand(terminal, clock, new ConfigOption(reader)));
    commands.put(
        "status", () -> new StatusCommand(terminal, stop, clock, new ConfigOption(reader)));
    commands.put("pause", () -> new PauseCommand.Pause(terminal, clock, new ConfigOption(reader)));
    commands.put(
        "resume", () -> new PauseCommand.Resume(terminal, clock, new ConfigOption(reader)));
    commands.put("guard", () -> new GuardCommand(terminal, clock, new ConfigOption(reader)));
    commands.put("intake", () -> IntakeCommand.create(terminal, stop, clock, reader));
    commands.put("check", () -> new CheckCommand(terminal, clock, new ConfigOption(reader)));
    commands.put("health", () -> new HealthCommand(terminal, new ConfigOption(reader)));
    commands.put("sandbox", () -> new SandboxCommand(terminal, stop));
    commands.put("completion", () -> new CompletionCommand(terminal));
    // Not HelpCommand::new: while it writes an AOT cache, JDK 25 crashes on a reference to the
    // constructor of a class as
    // old as picocli's (docs/DEPLOYING.md).
    commands.put("help", () -> new HelpCommand());
    // Each takes picocli tens of milliseconds to look into, so a command that is named is alone.
    String named = arguments.length == 0 ? "" : arguments[0];
    if (commands.containsKey(named) && !ABOUT_ALL.contains(named)) {
      commands.keySet().retainAll(Set.of(named));
    }
    commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
    line.getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(ExitCode.list());
    return line.setOut(terminal.out())
        .setErr(terminal.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler((wrong, args) -> explain(terminal, wrong))
        .setExecutionExceptionHandler(
            (thrown, command, parsed) -> explain(terminal, program.verbose, thrown))
        .execute(arguments);
  }

  /** Whether the command line that a command is part of asks for more words. */
  static boolean isVerbose(CommandSpec command) {
    return command.root().userObject() instanceof CommandLineProgram program && program.verbose;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing; expected " + commands(spec.commandLine()));
  }

  private static int explain(Terminal terminal, ParameterException wrong) {
    terminal.report(
        oneLine(describe(wrong))
            + " (see \""
            + wrong.getCommandLine().getCommandSpec().qualifiedName()
            + " --help\")");
    return ExitCode.USAGE.code();
  }

  private static String describe(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    if (wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()
        && !command.getSubcommands().isEmpty()) {
      return "there is no command \""
          + TerminalText.printable(unmatched.getUnmatched().get(0))
          + "\"; expected "
          + commands(command);
    }
    return String.valueOf(wrong.getMessage());
  }

  private static String commands(CommandLine line) {
    List<String> names = new ArrayList<>(line.getSubcommands().keySet());
    names.remove("help");
    String last = names.remove(names.size() - 1);
    return String.join(", ", names) + " or " + last;
  }

  private static int explain(Terminal terminal, boolean verbose, Exception thrown) {
    boolean traced = verbose || terminal.debug();
    ExitCode exit = ExitCode.INTERNAL;
    if (thrown instanceof CommandFailure failure) {
      failure.lines().forEach(line -> terminal.report(oneLine(line)));
      exit = failure.exitCode();
    } else if (thrown instanceof KafkaFailure failure) {
      terminal.report(oneLine(String.valueOf(failure.getMessage())));
      exit = ExitCode.of(failure.kind());
    } else {
      terminal.report(
          "a fault of this program: "
              + oneLine(thrown.toString())
              + (traced ? "" : " (with -v or OFFBOARDER_DEBUG=1 it shows where)"));
    }
    if (traced) {
      thrown.printStackTrace(terminal.err());
    }
    return exit.code();
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ").strip();
  }
}
