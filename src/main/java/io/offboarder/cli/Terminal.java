package io.offboarder.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command reads and writes. Results go to {@code out} and nothing else does; whatever is
 * meant for the person goes to {@code err}. Text is UTF-8 whatever the locale says, because JSON
 * is.
 *
 * @param colours whether escape sequences are welcome
 * @param columns how wide a line may be
 * @param debug whether an unexpected error shows its stack trace
 */
public record Terminal(
    Reader in, PrintWriter out, PrintWriter err, boolean colours, int columns, boolean debug) {
  /** What a line may take where nobody says otherwise: a log file's usual width. */
  private static final int USUAL_COLUMNS = 120;

  /** The terminal, or the pipes, of this process. */
  public static Terminal ofProcess(Map<String, String> environment) {
    boolean colours = Ansi.AUTO.enabled() && !environment.containsKey("NO_COLOR");
    return new Terminal(
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        colours,
        columns(environment),
        !environment.getOrDefault("OFFBOARDER_DEBUG", "").isEmpty());
  }

  private static PrintWriter writer(FileDescriptor to) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(to), StandardCharsets.UTF_8), true);
  }

  private static int columns(Map<String, String> environment) {
    String named = environment.getOrDefault("COLUMNS", "");
    int columns = named.matches("[1-9]\\d{0,4}") ? Integer.parseInt(named) : 0;
    if (columns == 0 && Ansi.AUTO.enabled()) {
      columns = askTerminal();
    }
    return columns == 0 ? USUAL_COLUMNS : Math.max(40, columns);
  }

  /** Shells do not export COLUMNS. 0 if there is no telling. */
  private static int askTerminal() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      try (InputStream answer = stty.getInputStream()) {
        if (!stty.waitFor(500, TimeUnit.MILLISECONDS)) {
          stty.destroyForcibly();
          return 0;
        }
        String size = new String(answer.readAllBytes(), StandardCharsets.US_ASCII).strip();
        return Integer.parseInt(size.substring(size.indexOf(' ') + 1));
      }
    } catch (IOException | NumberFormatException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** Tells the person something in one line. */
  void report(String line) {
    err.println("offboarder: " + line);
  }
}
