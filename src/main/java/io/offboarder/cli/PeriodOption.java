package io.offboarder.cli;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** From when to when somebody asks for what was recorded. */
final class PeriodOption {
  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = PointInTime.Converter.class,
      description = "From then on: so long ago (1h, 1w), a day (UTC) or a time in ISO 8601")
  private @Nullable PointInTime since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = PointInTime.Converter.class,
      description = "Up to then, a day included")
  private @Nullable PointInTime until;

  /** Whether it has an end. */
  boolean isUntil() {
    return until != null;
  }

  /** Before which time nothing is asked for; null for none. */
  @Nullable Instant since(Clock clock) {
    return since == null ? null : since.start(clock);
  }

  /** After which time nothing is asked for; null for none. */
  @Nullable Instant until(Clock clock) {
    return until == null ? null : until.end(clock);
  }
}
