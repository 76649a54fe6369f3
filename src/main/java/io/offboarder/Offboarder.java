package io.offboarder;

import ch.qos.logback.classic.LoggerContext;
import io.offboarder.cli.CommandLineProgram;
import io.offboarder.cli.StopSignal;
import io.offboarder.cli.Terminal;
import io.offboarder.config.ConfigReader;
import java.time.Clock;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The program's entry point. */
public final class Offboarder {

  private Offboarder() {}

  /**
   * Runs the command line and ends the process with its exit code.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    if (List.of(args).contains("check") && System.getenv("OFFBOARDER_LOG_LEVEL") == null) {
      // Its lines say what the log would say.
      System.setProperty("OFFBOARDER_LOG_LEVEL", "OFF");
    }
    StopSignal stop = StopSignal.ofProcess();
    int code =
        CommandLineProgram.run(
            Terminal.ofProcess(System.getenv()),
            stop,
            ConfigReader.ofProcess(),
            Clock.systemUTC(),
            args);
    writeOutLog();
    stop.finished(code);
    System.exit(code);
  }

  /** Its last lines are still with the thread that writes them. */
  private static void writeOutLog() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}
