package io.offboarder.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a command that sends events waits for what becomes of them. */
final class WaitOption {
  @Option(
      names = "--wait",
      description =
          "Follow the events to their outcomes; exit code 0 if none of them leaves access that"
              + " somebody has to look after, 1 if one does, 6 if not all have come")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = SandboxCommand.TimeConverter.class,
      description = "With --wait: no longer than this, such as 5m (default: until all have come)")
  private @Nullable Duration timeout;

  /** Whether to wait; a timeout alone says so too. */
  boolean isGiven() {
    return wait || timeout != null;
  }

  /** How long at most; null for as long as it takes. */
  @Nullable Duration timeout() {
    return timeout;
  }
}
