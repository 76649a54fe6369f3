package io.offboarder.demo;

import io.offboarder.cli.CommandLineProgram;
import io.offboarder.cli.StopSignal;
import io.offboarder.cli.Terminal;
import io.offboarder.config.ConfigReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Map;

/** Runs the program's commands, and shows what was typed and what came of it. */
final class Operator {
  private final Patience patience;
  private final Terminal terminal;
  private final ConfigReader settings;

  Operator(Patience patience, Terminal terminal, Map<String, String> environment) {
    this.patience = patience;
    this.terminal = terminal;
    this.settings = new ConfigReader(environment, () -> "operator");
  }

  /**
   * Runs {@code offboarder} with these arguments.
   *
   * @return what it printed
   * @throws IllegalStateException if its exit code is not 0
   */
  String types(String... arguments) {
    patience.show("$ offboarder " + quoted(arguments));
    StringWriter printed = new StringWriter();
    PrintWriter out = new PrintWriter(printed, true);
    Terminal captured =
        new Terminal(
            new StringReader(""), out, out, terminal.colours(), false, terminal.width(), false);
    int exitCode =
        CommandLineProgram.run(captured, new StopSignal(), settings, Clock.systemUTC(), arguments);
    printed.toString().lines().forEach(patience::show);
    patience.show("");
    if (exitCode != 0) {
      throw new IllegalStateException("offboarder " + quoted(arguments) + ": " + exitCode);
    }
    return printed.toString();
  }

  private static String quoted(String... arguments) {
    StringBuilder line = new StringBuilder();
    for (String argument : arguments) {
      line.append(line.isEmpty() ? "" : " ");
      line.append(argument.contains(" ") ? "'" + argument + "'" : argument);
    }
    return line.toString();
  }
}
