package io.offboarder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The configuration")
class ConfigReaderTest extends ConfigFixture {
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
}
