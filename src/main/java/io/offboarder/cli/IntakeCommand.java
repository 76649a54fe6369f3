package io.offboarder.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.config.ConfigReader;
import io.offboarder.intake.Preset;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the presets for other systems' records, tries rules, and takes other systems' pushes. */
@Command(
    name = "intake",
    description = "Show how other systems' records can be read, try it, and take their webhooks.",
    footer = {
      "",
      "Examples:",
      "  offboarder intake presets",
      "  offboarder intake show workday",
      "  offboarder intake test --preset workday leaver.json",
      "  offboarder intake test --from-topic hr.workday --last 100",
      "  offboarder intake http --config offboarder.yaml"
    })
final class IntakeCommand implements Runnable {
  private static final int NAME_WIDTH = 16;

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  private IntakeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The command, with the commands below it. */
  static CommandSpec create(Terminal terminal, StopSignal stop, Clock clock, ConfigReader reader) {
    CommandSpec intake = CommandSpec.forAnnotatedObject(new IntakeCommand(terminal));
    intake.addSubcommand(
        "test",
        CommandSpec.forAnnotatedObject(
            new IntakeTestCommand(terminal, clock, new ConfigOption(reader))));
    intake.addSubcommand(
        "http",
        CommandSpec.forAnnotatedObject(
            new IntakeHttpCommand(terminal, stop, clock, new ConfigOption(reader))));
    return intake;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "what to do is missing: presets, show, test or http");
  }

  @Command(name = "presets", description = "Which systems there are presets for.")
  Integer presets(@Mixin FormOption form) {
    for (String name : Preset.names()) {
      Preset preset = Preset.find(name).orElseThrow();
      if (form.isJson()) {
        terminal
            .out()
            .println(
                new JsonMapper().createObjectNode().put("name", name).put("title", preset.title()));
        continue;
      }
      terminal.out().println(TerminalText.left(name, NAME_WIDTH) + "  " + preset.title());
    }
    return ExitCode.OK.code();
  }

  @Command(
      name = "show",
      description = "A preset as it is written: what it needs, its rules and its samples.")
  Integer show(@Parameters(paramLabel = "NAME", description = "Which") String name) {
    Preset preset = preset(name);
    terminal.out().print(preset.text());
    terminal.out().flush();
    return ExitCode.OK.code();
  }

  /** The preset of this name, or a failure that names all. */
  static Preset preset(String name) {
    return Preset.find(name)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE,
                    List.of(
                        "there is no preset \""
                            + name
                            + "\"; expected one of "
                            + String.join(", ", Preset.names()))));
  }
}
