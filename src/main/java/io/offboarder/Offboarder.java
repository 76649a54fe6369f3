package io.offboarder;

import io.offboarder.cli.CommandLineProgram;
import io.offboarder.cli.StopSignal;
import io.offboarder.cli.Terminal;
import io.offboarder.config.ConfigReader;
import java.time.Clock;
import java.util.List;

/** The program's entry point. */
public final class Offboarder {

  private Offboarder() {}

  /**
   * Runs the command line and ends the process with its exit code.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    if (List.of(args).contains("check")) {
      LogbackConfigurator.offByDefault(); // Its lines say what the log would say.
    }
    StopSignal stop = StopSignal.ofProcess();
    int code =
        CommandLineProgram.run(
            Terminal.ofProcess(System.getenv()),
            stop,
            ConfigReader.ofProcess(),
            Clock.systemUTC(),
            args);
    LogbackConfigurator.writeOut();
    stop.finished(code);
    System.exit(code);
  }
}
