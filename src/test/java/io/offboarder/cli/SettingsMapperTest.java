package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.config.ConfigReader;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.OffboarderConfig;
import io.offboarder.config.Section;
import io.offboarder.testing.Certificate;
import io.offboarder.webex.http.HttpSettings.Network;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The configuration, in the words of the API's client,")
class SettingsMapperTest {
  @Test
  @DisplayName("says what lies between us and the API")
  void network(@TempDir Path directory) {
    Path certificate = Certificate.of(directory, "ca").pem();
    assertThat(network(Map.of())).isEqualTo(Network.DIRECT);
    assertThat(
            network(
                Map.of(
                    "OFFBOARDER_WEBEX_CA_FILE",
                    certificate.toString(),
                    "OFFBOARDER_WEBEX_PROXY",
                    "http://proxy.example:3128")))
        .isEqualTo(new Network(certificate, URI.create("http://proxy.example:3128")));
  }

  private static Network network(Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("OFFBOARDER_WEBEX_ACCESS_TOKEN", "token");
    ConfigResult<OffboarderConfig> result =
        new ConfigReader(environment, () -> "host").read(Section.ALL, null);
    if (result instanceof ConfigResult.Valid<OffboarderConfig> valid) {
      return SettingsMapper.webex(valid.config().webex()).http().network();
    }
    throw new AssertionError(result.toString());
  }
}
