package io.offboarder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** A file of settings and an environment, and what the reader makes of them. */
abstract class ConfigFixture {
  static final String TOKEN = "t0ken-that-nobody-must-see";

  @TempDir Path directory;
  final Map<String, String> environment =
      new HashMap<>(Map.of("OFFBOARDER_WEBEX_ACCESS_TOKEN", TOKEN, "PATH", "/bin"));

  ConfigReader reader() {
    return new ConfigReader(environment, () -> "host-7");
  }

  Path yaml(String text) throws IOException {
    return Files.writeString(directory.resolve("settings.yaml"), text);
  }

  OffboarderConfig valid(Path file) {
    ConfigResult<OffboarderConfig> result = reader().read(Section.ALL, file);
    if (result instanceof ConfigResult.Valid<OffboarderConfig> valid) {
      return valid.config();
    }
    throw new AssertionError(result.toString());
  }

  List<String> faults(Path file) {
    ConfigResult<OffboarderConfig> result = reader().read(Section.ALL, file);
    assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
    return ((ConfigResult.Invalid<OffboarderConfig>) result)
        .faults().stream().map(ConfigFault::line).toList();
  }
}
