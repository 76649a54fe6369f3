package io.offboarder.cli;

import java.io.Serial;
import java.util.List;

/** A command cannot do what was asked; says so in lines for a person. */
final class CommandFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final transient List<String> lines;

  CommandFailure(ExitCode exitCode, List<String> lines) {
    super(String.join("; ", lines));
    this.exitCode = exitCode;
    this.lines = List.copyOf(lines);
  }

  CommandFailure(ExitCode exitCode, String line, Throwable cause) {
    super(line, cause);
    this.exitCode = exitCode;
    this.lines = List.of(line);
  }

  ExitCode exitCode() {
    return exitCode;
  }

  List<String> lines() {
    return lines;
  }
}
