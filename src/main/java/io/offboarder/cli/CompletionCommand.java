package io.offboarder.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lets a shell complete commands and options. */
@Command(
    name = "completion",
    description = "Print the script with which bash and zsh complete commands and options.",
    footer = {"", "To have it now:", "  source <(offboarder completion)"})
final class CompletionCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    CommandSpec program = spec.root();
    terminal.out().print(AutoComplete.bash(program.name(), program.commandLine()));
    terminal.out().flush();
    return ExitCode.OK.code();
  }
}
