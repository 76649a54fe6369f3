package io.offboarder.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.stream.ReservedKafkaProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/CONFIGURATION.md")
class ConfigurationPageTest {
  @Test
  @DisplayName("lists the settings that there are, with their variables and defaults")
  void sameSettings() throws IOException {
    List<List<String>> rows =
        Files.readAllLines(Path.of("docs/CONFIGURATION.md")).stream()
            .filter(line -> line.startsWith("| `offboarder."))
            .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
            .toList();
    assertThat(rows).allSatisfy(row -> assertThat(row.get(4)).isNotBlank());
    assertThat(rows.stream().map(row -> row.subList(1, 4)))
        .containsExactlyElementsOf(
            Settings.declared().all().stream()
                .map(
                    setting ->
                        List.of(
                            "`" + setting.key() + "`",
                            "`" + setting.environmentName() + "`",
                            defaultOf(setting)))
                .toList());
  }

  @Test
  @DisplayName("names the Kafka properties that cannot be set")
  void reservedProperties() throws IOException {
    String page = Files.readString(Path.of("docs/CONFIGURATION.md"));
    assertThat(ReservedKafkaProperties.names())
        .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
  }

  private static String defaultOf(Setting setting) {
    if (setting.key().equals("offboarder.instance-id")) {
      return "the host's name";
    }
    return setting.defaultValue() == null ? "none" : "`" + setting.defaultValue() + "`";
  }
}
