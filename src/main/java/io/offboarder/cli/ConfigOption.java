package io.offboarder.cli;

import io.offboarder.config.ConfigFault;
import io.offboarder.config.ConfigReader;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.Section;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** {@code --config}, and reading what it names. */
final class ConfigOption {
  private final ConfigReader reader;

  @Mixin private final SettingsFile file = new SettingsFile();

  ConfigOption(ConfigReader reader) {
    this.reader = reader;
  }

  /** A part of the settings, or what is wrong with it. */
  <T> ConfigResult<T> read(Section<T> section) {
    return read(section, null);
  }

  /** The same, for a subcommand that may name a file itself. */
  <T> ConfigResult<T> read(Section<T> section, @Nullable Path named) {
    return reader.read(section, named == null ? file.path() : named);
  }

  /** A part of the settings; where it is wrong, the command fails with a line per fault. */
  <T> T readOrFail(Section<T> section) {
    return orFail(read(section));
  }

  /** The same, for a subcommand that may name a file itself. */
  <T> T readOrFail(Section<T> section, @Nullable Path named) {
    return orFail(read(section, named));
  }

  /** The settings; where they are wrong, the command fails with a line per fault. */
  static <T> T orFail(ConfigResult<T> result) {
    if (result instanceof ConfigResult.Invalid<T> invalid) {
      throw new CommandFailure(
          ExitCode.USAGE, invalid.faults().stream().map(ConfigFault::line).toList());
    }
    return ((ConfigResult.Valid<T>) result).config();
  }
}
