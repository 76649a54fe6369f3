package io.offboarder.cli;

import java.util.List;

/** Ends a command with lines for the person who typed it and a code for the script around it. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final List<String> lines;

  CommandFailure(ExitCode exitCode, List<String> lines) {
    super(String.join("; ", lines));
    this.exitCode = exitCode;
    this.lines = List.copyOf(lines);
  }

  CommandFailure(ExitCode exitCode, String line) {
    this(exitCode, List.of(line));
  }

  ExitCode exitCode() {
    return exitCode;
  }

  List<String> lines() {
    return lines;
  }
}
