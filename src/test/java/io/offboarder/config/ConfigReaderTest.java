package io.offboarder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The configuration")
class ConfigReaderTest {
  private static final String TOKEN = "t0ken-that-nobody-must-see";

  @TempDir Path directory;
  private final Map<String, String> environment =
      new HashMap<>(Map.of("OFFBOARDER_WEBEX_ACCESS_TOKEN", TOKEN, "PATH", "/bin"));

  @Test
  @DisplayName("needs nothing but credentials")
  void defaults() {
    OffboarderConfig config = valid(null);
    assertThat(config.instanceId()).isEqualTo("host-7");
    assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(25));
    assertThat(config.kafka().bootstrapServers()).isEqualTo("localhost:9092");
    assertThat(config.kafka().inputTopics())
        .containsExactly("hr.user-terminated", "hr.app-decommissioned");
    assertThat(config.kafka().properties()).isEmpty();
    assertThat(config.webex().baseUrl()).hasToString("https://webexapis.com/v1");
    assertThat(config.webex().accessToken().orElseThrow().reveal()).isEqualTo(TOKEN);
    assertThat(config.webex().maxRequestsPerSecond()).isEmpty();
    assertThat(config.webex().defaultOrgId()).isEmpty();
    assertThat(config.webex().accessTokenFile()).isEmpty();
    assertThat(config.webex().clientSecret()).isEmpty();
    assertThat(config.webex().refreshTokenFile()).isEmpty();
    assertThat(config.kafka().propertiesFile()).isEmpty();
    assertThat(config.stream().maxBytesInFlight().bytes()).isEqualTo(64L << 20);
    assertThat(config.stream().maxSpanPerPartition()).isEmpty();
    assertThat(config.stream().offsetMetadataEncoding())
        .isEqualTo(io.offboarder.stream.OffsetEncoding.WIDE);
    assertThat(config.http().host()).isEqualTo("127.0.0.1");
  }

  @Test
  @DisplayName("lets the file go over the defaults and the environment over the file")
  void order() throws IOException {
    Path file =
        yaml(
            """
            offboarder:
              instance-id: from-file
              kafka:
                group-id: from-file
                input-topics: [one, two]
              stream:
                drain-timeout: PT7S
                max-span-per-partition: 100
            """);
    environment.put("OFFBOARDER_KAFKA_GROUP_ID", "from-environment");
    OffboarderConfig config = valid(file);
    assertThat(config.instanceId()).isEqualTo("from-file");
    assertThat(config.kafka().groupId()).isEqualTo("from-environment");
    assertThat(config.kafka().inputTopics()).containsExactly("one", "two");
    assertThat(config.kafka().outcomeTopic()).isEqualTo("offboarding.outcomes");
    assertThat(config.stream().drainTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(config.stream().maxSpanPerPartition()).hasValue(100);
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

  @Test
  @DisplayName("takes a list from the environment whole, over a longer one in the file")
  void listsAreReplaced() throws IOException {
    Path file = yaml("offboarder: {kafka: {input-topics: [one, two, three]}}");
    environment.put("OFFBOARDER_KAFKA_INPUT_TOPICS", "four, five");
    assertThat(valid(file).kafka().inputTopics()).containsExactly("four", "five");
  }

  @Test
  @DisplayName("finds the file that OFFBOARDER_CONFIG names")
  void fileFromTheEnvironment() throws IOException {
    environment.put("OFFBOARDER_CONFIG", yaml("offboarder: {instance-id: from-file}").toString());
    assertThat(valid(null).instanceId()).isEqualTo("from-file");
  }

  @Test
  @DisplayName("gives Kafka's own settings through: from properties, YAML and the environment")
  void kafkaProperties() throws IOException {
    Path properties = directory.resolve("client.properties");
    Files.writeString(
        properties, "security.protocol=SSL\nssl.truststore.location=/t\nclient.rack=a\nacks=all\n");
    Path file =
        yaml(
            """
            offboarder:
              kafka:
                properties-file: %s
                properties:
                  client.rack: b
                  sasl.jaas.config: x required password="${env}\\\\,1";
                  ssl:
                    endpoint.identification.algorithm: ""
            """
                .formatted(properties));
    environment.put("OFFBOARDER_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SASL_SSL");
    environment.put("OFFBOARDER_KAFKA_PROPERTIES_A__B___C", "d");
    assertThat(valid(file).kafka().properties())
        .containsOnly(
            Map.entry("security.protocol", "SASL_SSL"),
            Map.entry("ssl.truststore.location", "/t"),
            Map.entry("client.rack", "b"),
            Map.entry("acks", "all"),
            Map.entry("sasl.jaas.config", "x required password=\"${env}\\\\,1\";"),
            Map.entry("ssl.endpoint.identification.algorithm", ""),
            Map.entry("a_b-c", "d"));
  }

  @Test
  @DisplayName("takes a name of Kafka's that is misspelt for a fault, and a plug-in's for good")
  void misspeltKafkaProperty() {
    environment.put("OFFBOARDER_KAFKA_PROPERTIES_SECURITY_PROTCOL", "SSL");
    environment.put("OFFBOARDER_KAFKA_PROPERTIES_MY_LOGIN_SERVER", "https://login.example.com");
    assertThat(faults(null))
        .containsExactly(
            "offboarder.kafka.properties.security.protcol in the environment is no setting of"
                + " Kafka's clients; did you mean security.protocol?");
  }

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

  @ParameterizedTest(name = "{0}")
  @DisplayName("does not let exactly-once be switched off through Kafka's own settings")
  @CsvSource({
    "enable.auto.commit,true,always false",
    "isolation.level,read_uncommitted,always read_committed",
    "transactional.id,mine,offboarder.instance-id",
    "group.id,mine,offboarder.kafka.group-id",
    "group.instance.id,mine,offboarder.instance-id",
    "key.serializer,x,always bytes",
    "value.deserializer,x,always bytes",
    "enable.idempotence,false,always true",
    "acks,1,always all",
    "bootstrap.servers,other:9092,offboarder.kafka.bootstrap-servers"
  })
  void governed(String name, String value, String by) throws IOException {
    Path file = yaml("offboarder: {kafka: {properties: {%s: '%s'}}}".formatted(name, value));
    assertThat(faults(file))
        .singleElement()
        .asString()
        .startsWith("offboarder.kafka.properties." + name + " in ")
        .contains(by);
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

  @Test
  @DisplayName("does not take Kubernetes' service variables for settings")
  void serviceLinks() {
    environment.put("OFFBOARDER_SERVICE_HOST", "10.0.0.1");
    environment.put("OFFBOARDER_SERVICE_PORT_METRICS", "8080");
    environment.put("OFFBOARDER_PORT", "tcp://10.0.0.1:8080");
    environment.put("OFFBOARDER_PORT_8080_TCP_ADDR", "10.0.0.1");
    environment.put("OFFBOARDER_SANDBOX_SERVICE_HOST", "10.0.0.2");
    environment.put("OFFBOARDER_HTTP_PORT", "tcp://10.0.0.3:80");
    environment.put("OFFBOARDER_LOG_LEVEL", "debug");
    environment.put("OFFBOARDER_WEBEX_DEFAULT_ORG_ID", "");
    assertThat(valid(null)).isNotNull();
  }

  @Test
  @DisplayName("does not take a misspelt port for one of them, nor any word for a log level")
  void notServiceLinks() {
    environment.put("OFFBOARDER_HTP_PORT", "8081");
    environment.put("OFFBOARDER_LOG_LEVEL", "loud");
    environment.put("OFFBOARDER_LOG_FORMAT", "xml");
    assertThat(faults(null))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).endsWith("did you mean OFFBOARDER_HTTP_PORT?"),
            line -> assertThat(line).startsWith("OFFBOARDER_LOG_LEVEL is \"loud\""),
            line -> assertThat(line).startsWith("OFFBOARDER_LOG_FORMAT is \"xml\""));
  }

  @Test
  @DisplayName("gives a Kafka client its part although the rest is missing or wrong")
  void kafkaAlone() {
    environment.clear();
    environment.put("OFFBOARDER_KAFKA_BOOTSTRAP_SERVERS", "a:1");
    environment.put("OFFBOARDER_HTTP_PORT", "wrong");
    assertThat(reader().read(Section.KAFKA, null))
        .isInstanceOfSatisfying(
            ConfigResult.Valid.class,
            result ->
                assertThat(((KafkaConfig) result.config()).bootstrapServers()).isEqualTo("a:1"));
    assertThat(reader().read(Section.KAFKA, Path.of("offboarder.yaml")))
        .isInstanceOf(ConfigResult.Invalid.class);
  }

  private ConfigReader reader() {
    return new ConfigReader(environment, () -> "host-7");
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(directory.resolve("settings.yaml"), text);
  }

  private OffboarderConfig valid(Path file) {
    ConfigResult<OffboarderConfig> result = reader().read(Section.ALL, file);
    if (result instanceof ConfigResult.Valid<OffboarderConfig> valid) {
      return valid.config();
    }
    throw new AssertionError(result.toString());
  }

  private List<String> faults(Path file) {
    ConfigResult<OffboarderConfig> result = reader().read(Section.ALL, file);
    assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
    return ((ConfigResult.Invalid<OffboarderConfig>) result)
        .faults().stream().map(ConfigFault::line).toList();
  }
}
