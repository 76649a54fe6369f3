package io.offboarder.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.offboarder.config.ConfigReader;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.Section;
import io.offboarder.testing.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The settings that the Helm chart writes")
class HelmSettingsTest extends HelmFixture {
  @Test
  @DisplayName("writes settings that the program accepts, with no secret in them")
  void settings() throws IOException {
    Certificate port = Certificate.of(directory, "localhost");
    for (String[] values : List.of(LEAST, ALL)) {
      ConfigMap map = (ConfigMap) render(values).get("ConfigMap");
      String yaml = map.getData().get("offboarder.yaml");
      for (String file : List.of("access-token", "client-id", "client-secret", "refresh-token")) {
        Path secret = Files.writeString(directory.resolve(file), "a-secret-value");
        yaml = yaml.replace("/etc/offboarder/webex/" + file, secret.toString());
      }
      Path key = Files.writeString(directory.resolve("key"), "k".repeat(32));
      yaml = yaml.replace("/etc/offboarder/privacy/key", key.toString());
      Path never = Files.writeString(directory.resolve("protected.yaml"), "persons: {}");
      yaml = yaml.replace("/etc/offboarder/protected/protected.yaml", never.toString());
      Path token = Files.writeString(directory.resolve("token"), "let-me-see");
      yaml = yaml.replace("/etc/offboarder/http-token/token", token.toString());
      yaml = yaml.replace("/etc/offboarder/http-tls/tls.crt", port.pem().toString());
      yaml = yaml.replace("/etc/offboarder/http-tls/tls.key", port.keyPem().toString());
      Path properties = Files.writeString(directory.resolve("client.properties"), "");
      yaml = yaml.replace("/etc/offboarder/kafka/client.properties", properties.toString());
      Path config = Files.writeString(directory.resolve("offboarder.yaml"), yaml);
      assertThat(new ConfigReader(Map.of(), () -> "pod-0").read(Section.ALL, config))
          .as(yaml)
          .isInstanceOf(ConfigResult.Valid.class);
    }
  }

  @Test
  @DisplayName("refuses a secret among the settings, a missing one, and a value it does not know")
  void refuses() {
    assertThatThrownBy(() -> render("webex.existingSecret=w", "config.webex.access-token=abc"))
        .hasMessageContaining("access-token");
    for (String secret :
        List.of(
            "config.kafka.properties.sasl\\.jaas\\.config=abc",
            "config.kafka.properties.sasl.jaas.config=abc",
            "config.kafka.properties.ssl\\.keystore\\.password=abc",
            "config.kafka.properties.ssl\\.keystore\\.key=abc")) {
      assertThatThrownBy(() -> render("webex.existingSecret=w", secret))
          .as(secret)
          .hasMessageContaining("config");
    }
    assertThatThrownBy(() -> render()).hasMessageContaining("webex.existingSecret is empty");
    assertThatThrownBy(() -> render("webex.existingSecret=w", "prometheusRule.enabled=true"))
        .hasMessageContaining("prometheusRule.runbookUrl is empty");
    assertThatThrownBy(() -> render("webex.existingSecret=w", "replica=3"))
        .hasMessageContaining("replica");
  }
}
