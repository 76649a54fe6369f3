package io.offboarder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The configuration, where it is wrong")
class ConfigFaultsTest extends ConfigFixture {
  @ParameterizedTest(name = "{0}={1}")
  @DisplayName("names what is wrong with a value, where it stands and what is allowed")
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP_PORT | 99999 | expected a port, 0 to 65535",
        "HTTP_PORT | many | expected a port, 0 to 65535",
        "KAFKA_BOOTSTRAP_SERVERS | kafka | expected host:port, several of them separated by commas",
        "KAFKA_BOOTSTRAP_SERVERS | a:1,,b:2 | expected host:port, several of them separated by"
            + " commas",
        "KAFKA_OUTCOME_TOPIC | a b | expected a topic's name",
        "KAFKA_OUTCOME_TOPIC | ' ' | expected a topic's name",
        "KAFKA_INPUT_TOPICS | 'a,,b' | expected a topic's name",
        "SHUTDOWN_TIMEOUT | 0s | expected a duration above zero",
        "SHUTDOWN_TIMEOUT | 25 | expected a duration above zero",
        "STREAM_MAX_BYTES_IN_FLIGHT | 64 MB | expected a size",
        "STREAM_OFFSET_METADATA_ENCODING | utf-8 | expected wide or base64",
        "STREAM_FOREIGN_OFFSET_METADATA | die | expected ignore or stop",
        "WEBEX_BASE_URL | ftp://x | expected http:// or https://",
        "WEBEX_BASE_URL | webexapis.com | expected http:// or https://",
        "WEBEX_CA_FILE | /nowhere/at/all | expected a file that this process may read",
        "WEBEX_CA_FILE | pom.xml | expected a file that this process may read, with certificates",
        "WEBEX_PROXY | proxy.example:3128 | expected http://host:port",
        "WEBEX_PROXY | http://proxy.example | expected http://host:port",
        "WEBEX_PROXY | https://proxy.example:3128 | expected http://host:port",
        "WEBEX_PROXY | http://proxy.example:3128/path | expected http://host:port",
        "WEBEX_MAX_CONCURRENCY | 0 | expected a whole number, 1 or more",
        "WEBEX_MAX_REQUESTS_PER_SECOND | -1 | expected a number above 0",
        "WEBEX_MAX_ATTEMPTS | 2.5 | expected a whole number, 1 or more",
        "KAFKA_PROPERTIES_FILE | /nowhere/at/all | expected a file that this process may read",
        "PRIVACY_LOGS | yes | expected true or false",
        "INSTANCE_ID | ' ' | expected text of up to 200 characters"
      })
  void values(String variable, String value, String expected) {
    environment.put("OFFBOARDER_" + variable, value);
    assertThat(faults(null))
        .singleElement()
        .asString()
        .contains("(OFFBOARDER_" + variable + ") is \"" + value.strip())
        .contains(" in the environment; ")
        .contains(expected)
        .doesNotContain("\n");
  }

  @Test
  @DisplayName("tells all faults at once")
  void together() throws IOException {
    Path file =
        yaml(
            """
            offboarder:
              http:
                port: -1
              kafka:
                outcome-topic: hr.user-terminated
                bootstrap-server: localhost:1
            """);
    environment.put("OFFBOARDER_WEBEX_MAX_CONCURENCY", "3");
    environment.remove("OFFBOARDER_WEBEX_ACCESS_TOKEN");
    assertThat(faults(file))
        .hasSize(5)
        .anyMatch(line -> line.contains("offboarder.http.port (OFFBOARDER_HTTP_PORT) is \"-1\" in"))
        .anyMatch(
            line -> line.contains("OFFBOARDER_KAFKA_OUTCOME_TOPIC) is \"hr.user-terminated\""))
        .anyMatch(line -> line.endsWith("did you mean offboarder.kafka.bootstrap-servers?"))
        .anyMatch(line -> line.endsWith("did you mean OFFBOARDER_WEBEX_MAX_CONCURRENCY?"))
        .anyMatch(line -> line.contains("OFFBOARDER_WEBEX_ACCESS_TOKEN) is missing"));
  }

  @Test
  @DisplayName("wants one kind of credentials, whole and once")
  void credentials() throws IOException {
    Path secret = directory.resolve("secret");
    Files.writeString(secret, "abc\n");
    environment.put("OFFBOARDER_WEBEX_ACCESS_TOKEN_FILE", secret.toString());
    assertThat(faults(null)).singleElement().asString().contains("one of the two");

    environment.remove("OFFBOARDER_WEBEX_ACCESS_TOKEN_FILE");
    environment.put("OFFBOARDER_WEBEX_CLIENT_ID", "C1");
    assertThat(faults(null)).singleElement().asString().contains("either an access token");

    environment.remove("OFFBOARDER_WEBEX_ACCESS_TOKEN");
    assertThat(faults(null)).hasSize(2).allMatch(line -> line.contains("is missing"));

    environment.put("OFFBOARDER_WEBEX_CLIENT_SECRET_FILE", secret.toString());
    environment.put("OFFBOARDER_WEBEX_REFRESH_TOKEN", "r");
    assertThat(valid(null).webex().clientSecretFile()).contains(secret);
  }

  @Test
  @DisplayName("asks for a key, and a long one, where pseudonyms are asked for")
  void pseudonyms() throws IOException {
    Path key = directory.resolve("key");
    environment.put("OFFBOARDER_PRIVACY_OUTCOMES", "true");
    assertThat(faults(null))
        .singleElement()
        .asString()
        .startsWith("offboarder.privacy.key-file (OFFBOARDER_PRIVACY_KEY_FILE) is missing; ")
        .endsWith("offboarder.privacy.outcomes (OFFBOARDER_PRIVACY_OUTCOMES) needs it");

    environment.put("OFFBOARDER_PRIVACY_KEY_FILE", key.toString());
    Files.writeString(key, "s3cret-of-31-characters-.......\n");
    assertThat(faults(null))
        .singleElement()
        .asString()
        .contains("at least 32 visible ASCII characters")
        .doesNotContain("s3cret");

    Files.writeString(key, "s3cret-of-32-characters-........\n");
    PrivacyConfig privacy = valid(null).privacy();
    assertThat(privacy.outcomes()).isTrue();
    assertThat(privacy.logs()).isFalse();
    assertThat(privacy.keyFile()).hasValue(key);
  }

  @Test
  @DisplayName("never shows a secret")
  void masked() {
    environment.put("OFFBOARDER_WEBEX_ACCESS_TOKEN", TOKEN + " with blanks");
    assertThat(faults(null)).singleElement().asString().contains("is ***").doesNotContain(TOKEN);
    environment.put("OFFBOARDER_WEBEX_ACCESS_TOKEN", TOKEN);
    environment.put("OFFBOARDER_WEBEX_BASE_URL", "https://me:pass@host/");
    assertThat(faults(null)).singleElement().asString().doesNotContain("pass@");
    environment.remove("OFFBOARDER_WEBEX_BASE_URL");
    environment.put("OFFBOARDER_WEBEX_PROXY", "http://me:pass@host:3128");
    assertThat(faults(null)).singleElement().asString().doesNotContain("pass@");
    environment.put("OFFBOARDER_WEBEX_PROXY", "http://me:pa/ss@wo//rd@host:3128");
    assertThat(faults(null))
        .singleElement()
        .asString()
        .doesNotContain("pa/ss")
        .doesNotContain("rd@");
    environment.remove("OFFBOARDER_WEBEX_PROXY");
    environment.remove("OFFBOARDER_WEBEX_ACCESS_TOKEN");
    for (String misplaced : List.of(TOKEN, "/" + TOKEN, TOKEN + "/" + TOKEN, TOKEN + "\0")) {
      environment.put("OFFBOARDER_WEBEX_ACCESS_TOKEN_FILE", misplaced);
      assertThat(faults(null)).singleElement().asString().contains("is ***").doesNotContain(TOKEN);
    }
    environment.put("OFFBOARDER_WEBEX_ACCESS_TOKEN_FILE", "/tmp/missing/token");
    assertThat(faults(null)).singleElement().asString().contains("/tmp/missing/token");
    environment.remove("OFFBOARDER_WEBEX_ACCESS_TOKEN_FILE");
    environment.put("OFFBOARDER_WEBEX_ACCESS_TOKEN", TOKEN);
    environment.put("OFFBOARDER_KAFKA_PROPERTIES_SSL_KEY_PASSWORD", "pass-word");
    OffboarderConfig config = valid(null);
    assertThat(config.toString() + config.webex() + config.webex().accessToken())
        .doesNotContain(TOKEN)
        .doesNotContain("pass-word");
  }

  @Test
  @DisplayName("sends a token over plain http to this machine alone, unless somebody accepts that")
  void plainHttp() {
    for (String here :
        List.of("http://localhost:1/v1", "HTTP://127.0.0.1/v1", "http://[::1]:8085/v1")) {
      environment.put("OFFBOARDER_WEBEX_BASE_URL", here);
      assertThat(valid(null).webex().allowPlainHttp()).isEmpty();
    }
    for (String elsewhere :
        List.of("http://sandbox:8085/v1", "http://127.0.0.1.example.com", "http://10.0.0.1/v1")) {
      environment.put("OFFBOARDER_WEBEX_BASE_URL", elsewhere);
      assertThat(faults(null)).singleElement().asString().contains("plain http", "I_ACCEPT");
    }
    environment.put("OFFBOARDER_WEBEX_ALLOW_PLAIN_HTTP", "true");
    assertThat(faults(null)).isNotEmpty();
    environment.put("OFFBOARDER_WEBEX_ALLOW_PLAIN_HTTP", "I_ACCEPT_THAT_OTHERS_CAN_READ_THE_TOKEN");
    assertThat(valid(null).webex().baseUrl()).hasHost("10.0.0.1");
  }
}
