package io.offboarder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The configuration's file")
class ConfigFileTest extends ConfigFixture {
  @Test
  @DisplayName("takes an empty file for one that sets nothing")
  void emptyFile() throws IOException {
    assertThat(valid(yaml("# nothing yet\n")).instanceId()).isEqualTo("host-7");
    assertThat(valid(yaml("offboarder:\n  kafka:\n")).instanceId()).isEqualTo("host-7");
    assertThat(valid(yaml("offboarder: {http: {port: }}")).http().port()).isEqualTo(8080);
  }

  @Test
  @DisplayName("names a file that is not there")
  void missingFile() {
    assertThat(faults(directory.resolve("nowhere.yaml")))
        .singleElement()
        .asString()
        .contains("nowhere.yaml does not exist");
  }

  @Test
  @DisplayName("takes values from the file as they are written there")
  void asWritten() throws IOException {
    Path file =
        yaml(
            """
            x-shared: &shared
              group-id: 007
            offboarder:
              kafka:
                <<: *shared
                properties: {client.rack: 1.10, retries: 1_000}
              privacy: {logs: no}
              webex: {max-requests-per-second: 0.50}
            """);
    OffboarderConfig config = valid(file);
    assertThat(config.kafka().groupId()).isEqualTo("007");
    assertThat(config.kafka().properties())
        .containsOnly(Map.entry("client.rack", "1.10"), Map.entry("retries", "1_000"));
    assertThat(config.privacy().logs()).isFalse();
    assertThat(config.webex().maxRequestsPerSecond()).hasValue(0.5);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("says what is wrong with the form of a setting in the file")
  @CsvSource(
      delimiter = '|',
      value = {
        "{http: {port: [1, 2]}} | .http.port in F is a list; expected one value",
        "{http: {port: {a: 1}}} | .http.port in F is a section; expected one value",
        "{http: {port: ~~}} | .http.port (OFFBOARDER_HTTP_PORT) is empty in F; leave it out for its"
            + " default, 8080",
        "{kafka: {properties: x}} | .kafka.properties in F is a section; expected its settings"
            + " indented under it",
        "{htp: {port: 1, host: a}} | .htp in F is no setting; did you mean offboarder.http?",
        "{zebra: 1} | .zebra in F is no setting; see docs/CONFIGURATION.md"
      })
  void form(String settings, String line) throws IOException {
    Path file = yaml("offboarder: " + settings.replace("~~", "''"));
    assertThat(faults(file)).containsExactly("offboarder" + line.replace(" F", " " + file));
  }

  @Test
  @DisplayName("says it when a file lacks its first line")
  void withoutRoot() throws IOException {
    assertThat(faults(yaml("kafka:\n  bootstrap-servers: a:1\n")))
        .singleElement()
        .asString()
        .contains("has kafka at its top")
        .contains("\"offboarder:\"");
  }

  @ParameterizedTest
  @DisplayName("refuses a file that is no mapping, without quoting it")
  @ValueSource(
      strings = {"a: b: s3cret", "[1, 2]", "just s3cret", "offboarder: s3cret", "a: [s3cret"})
  void notYaml(String text) throws IOException {
    assertThat(faults(yaml(text)))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).doesNotContain("s3cret").doesNotContain("\n"));
  }

  @Test
  @DisplayName("does not miss what a file that it cannot read may have set")
  void nothingMissingFromAnUnreadableFile() throws IOException {
    environment.clear();
    environment.put("OFFBOARDER_PRIVACY_LOGS", "true");
    for (Path file : List.of(directory.resolve("nowhere"), yaml("a: [b"), yaml("kafka:\n  a: 1"))) {
      assertThat(faults(file)).singleElement().asString().contains(file.toString());
    }
  }

  @ParameterizedTest
  @DisplayName("does not take a value where settings are to be indented")
  @ValueSource(strings = {"kafka: a", "kafka: [a, b]", "kafka: 5"})
  void valueForASection(String line) throws IOException {
    Path file = yaml("offboarder:\n  " + line + "\n");
    assertThat(faults(file))
        .containsExactly(
            "offboarder.kafka in "
                + file
                + " is a section; expected its settings indented under it");
    assertThat(reader().read(Section.KAFKA, file)).isInstanceOf(ConfigResult.Invalid.class);
  }

  @Test
  @DisplayName("does not choose between two values for one setting")
  void twice() throws IOException {
    assertThat(faults(yaml("offboarder:\n  instance-id: a\n  instance-id: b\n")))
        .singleElement()
        .asString()
        .endsWith("says one thing twice: see line 3, column 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "offboarder: {intake: &a [*a]}",
        "offboarder: {intake: [&a {name: x, when: *a}]}",
        "offboarder: {intake: [{name: x, action: ignore, topics: &a [*a]}]}",
        "offboarder: {kafka: {input-topics: &a [*a]}}",
        "offboarder: {webhooks: {endpoints: &a [*a]}}"
      })
  @DisplayName("refuses an alias that stands for what it is in")
  void selfReference(String text) throws IOException {
    assertThat(new ConfigReader(environment, () -> "host-7").read(Section.ALL, yaml(text)))
        .isInstanceOf(ConfigResult.Invalid.class);
  }

  @Test
  @DisplayName("refuses aliases that stand for a billion of things")
  void billionLaughs() throws IOException {
    StringBuilder text = new StringBuilder("x-0: &a0 [lol, lol]\n");
    for (int i = 1; i < 25; i++) {
      text.append("x-%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    text.append("offboarder: {intake: *a24}\n");

    assertThat(
            new ConfigReader(environment, () -> "host-7").read(Section.ALL, yaml(text.toString())))
        .isInstanceOf(ConfigResult.Invalid.class);
  }
}
