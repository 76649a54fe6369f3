package io.offboarder.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --config}: where the settings are. */
final class SettingsFile {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "YAML file with the settings (default: the one that OFFBOARDER_CONFIG names)")
  private @Nullable Path file;

  /** The file, if it is named. */
  @Nullable Path path() {
    return file;
  }
}
