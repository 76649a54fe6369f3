package io.offboarder.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

@DisplayName("docker-compose.yml")
class ComposeFileTest {

  @Test
  @DisplayName("checks no health with a JVM, which takes its memory from the container's")
  void healthChecks() throws IOException {
    Map<String, Map<String, Map<String, Object>>> compose =
        new Yaml().load(Files.readString(Path.of("docker-compose.yml")));
    Map<String, Map<String, Object>> services = compose.get("services");

    for (String name : List.of("kafka", "sandbox", "offboarder")) {
      Map<?, ?> check = (Map<?, ?>) services.get(name).get("healthcheck");
      assertThat((List<?>) check.get("test"))
          .as(name)
          .hasSize(4)
          .noneMatch(word -> word.equals("java") || word.equals("offboarder"));
    }
  }
}
