package io.offboarder.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.IntSupplier;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Where a command reads and writes. Results go to {@code out} and nothing else does; what is meant
 * for the person goes to {@code err}. Text is UTF-8 in any locale, because JSON is.
 *
 * @param colours whether escape sequences are welcome
 * @param interactive whether a person looks at it: what is written can be written over
 * @param width how wide a line may be; asked only by who writes a table
 * @param debug whether an unexpected error shows its stack trace
 */
public record Terminal(
    Reader in,
    PrintWriter out,
    PrintWriter err,
    boolean colours,
    boolean interactive,
    IntSupplier width,
    boolean debug) {
  private static final int LEAST_COLUMNS = 40;

  /** The terminal, or the pipes, of this process. */
  @SuppressWarnings("SystemConsoleNull") // Java 17 is what it is compiled for.
  public static Terminal ofProcess(Map<String, String> environment) {
    boolean interactive = isTerminal();
    return new Terminal(
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        Ansi.AUTO.enabled() && !environment.containsKey("NO_COLOR"),
        interactive,
        () -> columns(environment.getOrDefault("COLUMNS", ""), interactive),
        !environment.getOrDefault("OFFBOARDER_DEBUG", "").isEmpty());
  }

  /** Since JDK 22 a console is there for pipes too, and says itself whether it is a terminal. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  private static PrintWriter writer(FileDescriptor to) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(to), StandardCharsets.UTF_8), true);
  }

  /** Shells do not export COLUMNS; picocli finds the width out, as it does for a help page. */
  private static int columns(String named, boolean interactive) {
    if (named.matches("[1-9]\\d{0,4}")) {
      return Math.max(LEAST_COLUMNS, Integer.parseInt(named));
    }
    return interactive
        ? Math.max(LEAST_COLUMNS, new UsageMessageSpec().autoWidth(true).width())
        : OutcomeTable.UNLIMITED;
  }

  /** How wide a line may be; {@link OutcomeTable#UNLIMITED} where it goes to a file or a pipe. */
  public int columns() {
    return width.getAsInt();
  }

  /** Tells the person something in one line. */
  void report(String line) {
    err.println("offboarder: " + TerminalText.printable(line));
  }
}
