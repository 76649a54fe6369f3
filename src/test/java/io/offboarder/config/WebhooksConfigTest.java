package io.offboarder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The settings of webhooks")
class WebhooksConfigTest {
  private static final String SECRET = "s3cret-that-nobody-must-see";

  @TempDir Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private Path secret;

  @BeforeEach
  void secret() throws IOException {
    secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
    environment.put("OFFBOARDER_KAFKA_INPUT_TOPICS", "hr.okta,hr.ssf");
  }

  private ConfigResult<WebhooksConfig> read(String endpoints) {
    environment.put("OFFBOARDER_WEBHOOKS_ENDPOINTS", endpoints.replace("SECRET", "" + secret));
    return new ConfigReader(environment, () -> "host").read(Section.WEBHOOKS, null);
  }

  private List<String> faults(String endpoints) {
    return read(endpoints) instanceof ConfigResult.Invalid<WebhooksConfig> invalid
        ? invalid.faults().stream().map(ConfigFault::line).toList()
        : List.of();
  }

  @Test
  @DisplayName("need no credentials of the API, and are of no concern to who revokes")
  void apart() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("offboarder.yaml"),
            """
            offboarder:
              kafka: { input-topics: [hr.okta] }
              webhooks:
                endpoints:
                  - { path: /okta, topic: hr.okta, verify: okta, secret-file: SECRET }
            """
                .replace("SECRET", "" + secret));
    ConfigReader reader =
        new ConfigReader(Map.of("OFFBOARDER_WEBEX_ACCESS_TOKEN", "t"), () -> "host");
    assertThat(new ConfigReader(Map.of(), () -> "host").read(Section.WEBHOOKS, file))
        .isInstanceOf(ConfigResult.Valid.class);
    Files.delete(secret);
    assertThat(reader.read(Section.WEBHOOKS, file)).isInstanceOf(ConfigResult.Invalid.class);
    assertThat(reader.read(Section.ALL, file)).isInstanceOf(ConfigResult.Valid.class);
  }

  @Test
  @DisplayName("ask for TLS beyond this machine, or for capital words")
  void tls() {
    String endpoints = "[{path: /okta, topic: hr.okta, verify: okta, secret-file: SECRET}]";
    assertThat(faults(endpoints)).isEmpty();
    environment.put("OFFBOARDER_WEBHOOKS_HOST", "0.0.0.0");
    assertThat(faults(endpoints))
        .singleElement()
        .asString()
        .contains("tls-certificate-file", "I_ACCEPT_THAT_OTHERS_CAN_READ_AND_FORGE_EVENTS");
    environment.put("OFFBOARDER_WEBHOOKS_ALLOW_PLAIN_HTTP", "yes");
    assertThat(faults(endpoints)).isNotEmpty();
    environment.put(
        "OFFBOARDER_WEBHOOKS_ALLOW_PLAIN_HTTP", "I_ACCEPT_THAT_OTHERS_CAN_READ_AND_FORGE_EVENTS");
    assertThat(faults(endpoints)).isEmpty();
  }

  @Test
  @DisplayName("name each fault of an endpoint: which, which member, what was expected")
  void faults() {
    Map<String, List<String>> wrong =
        Map.ofEntries(
            Map.entry("{}", List.of("is no list")),
            Map.entry("[{}]", List.of("endpoints 1", "path is missing")),
            Map.entry("[&a {path: *a}]", List.of("refers to itself")),
            Map.entry(
                "[{path: okta, topic: hr.okta, verify: okta, secret-file: SECRET}]",
                List.of("path is \"okta\"")),
            Map.entry(
                "[{path: /okta, topic: hr.others, verify: okta, secret-file: SECRET}]",
                List.of("/okta with the topic hr.others", "kafka.input-topics")),
            Map.entry(
                "[{path: /okta, topic: hr.okta, verify: nothing, secret-file: SECRET}]",
                List.of("verify is \"nothing\"", "bamboohr")),
            Map.entry(
                "[{path: /okta, topic: hr.okta, secret-file: SECRET}]",
                List.of("verify is missing")),
            Map.entry(
                "[{path: /okta, topic: hr.okta, verify: okta}]", List.of("secret-file is missing")),
            Map.entry(
                "[{path: /okta, topic: hr.okta, verify: okta, secret: abc}]",
                List.of("secret is not known here")),
            Map.entry(
                "[{path: /okta, topic: hr.okta, verify: okta, secret-file: SECRET, headers:"
                    + " [Authorization]}]",
                List.of("headers has Authorization, which may hold a secret")),
            Map.entry(
                "[{path: /okta, topic: hr.okta, verify: okta, secret-file: SECRET, header: X-S,"
                    + " headers: [x-s]}]",
                List.of("headers has x-s, which may hold a secret")),
            Map.entry(
                "[{path: /okta, topic: hr.okta, verify: basic, secret-file: SECRET}]",
                List.of("user is missing")),
            Map.entry(
                "[{path: /okta, topic: hr.okta, verify: bearer, user: x, secret-file: SECRET}]",
                List.of("user does not go with this verify")),
            Map.entry(
                "[{path: /a, topic: hr.okta, verify: hmac, secret-file: SECRET, hmac: {header: X,"
                    + " algorithm: sha1}}]",
                List.of("algorithm is \"sha1\"", "sha256")),
            Map.entry(
                "[{path: /a, topic: hr.okta, verify: hmac, secret-file: SECRET, hmac: {header: X,"
                    + " signed: body-timestamp}}]",
                List.of("timestamp-header is missing")),
            Map.entry(
                "[{path: /a, topic: hr.okta, verify: okta, secret-file: SECRET}, {path: /a, topic:"
                    + " hr.okta, verify: okta, secret-file: SECRET}]",
                List.of("endpoints 2", "as of one before")),
            Map.entry(
                "[{path: /a, topic: hr.okta, verify: gusto, secret-file: SECRET, key: id}]",
                List.of("key is \"id\"", "JSON pointer")),
            Map.entry(
                "[{path: /ssf, topic: hr.ssf, verify: set}]",
                List.of("signatures.keys", "signatures.token-audience")));
    wrong.forEach(
        (endpoints, words) ->
            assertThat(String.join("\n", faults(endpoints)))
                .as(endpoints)
                .contains(words)
                .doesNotContain(SECRET));
  }

  @Test
  @DisplayName("take no secret that is short or has blanks, and never show it")
  void badSecrets() throws IOException {
    for (String bad : List.of("", "short", "two words here", "über-geheim-und-lang")) {
      Files.writeString(secret, bad);
      assertThat(faults("[{path: /a, topic: hr.okta, verify: okta, secret-file: SECRET}]"))
          .singleElement()
          .asString()
          .contains("secret-file names a file that holds no secret")
          .doesNotContain("two words", "geheim");
    }
  }
}
