package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.intake.IntakeRules;
import io.offboarder.registry.RegistrySettings;
import io.offboarder.testing.Company;
import io.offboarder.testing.ServiceFixture;
import io.offboarder.webex.http.HttpSettings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Records behind a schema registry")
class SchemaRegistryEndToEndTest {
  private static final Schema LEAVER =
      new Schema.Parser()
          .parse(
              "{\"type\":\"record\",\"name\":\"Leaver\",\"fields\":["
                  + "{\"name\":\"kind\",\"type\":\"string\"},{\"name\":\"id\",\"type\":\"long\"},"
                  + "{\"name\":\"mail\",\"type\":[\"null\",\"string\"]}]}");

  private static final String RULES =
      """
      - name: leaver
        when: kind = "left"
        action: terminate
        id: id
        subject: { personEmail: mail }
      """;

  @RegisterExtension private final ServiceFixture fixture = ServiceFixture.of("registry");

  private final AtomicBoolean isUp = new AtomicBoolean(true);
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private OffboardingVerticle service;

  @BeforeEach
  void start() throws Exception {
    HttpServer registry = fixture.vertx().createHttpServer().requestHandler(this::answer);
    registry.listen(0, "127.0.0.1").await();
    RegistrySettings settings =
        new RegistrySettings(
            HttpSettings.at(
                URI.create("http://127.0.0.1:" + registry.actualPort() + "/apis/ccompat/v7")),
            new RegistrySettings.User("reader", new RegistrySettings.Credential("secret", null)));
    service =
        fixture.deploy(
            fixture.settings().toBuilder()
                .intake(new IntakeSettings(IntakeRules.read(RULES, "intake"), settings))
                .build());
  }

  private void answer(HttpServerRequest request) {
    asked.add(request.path() + " " + request.getHeader("Authorization"));
    JsonObject schema = new JsonObject();
    switch (request.path()) {
      case "/apis/ccompat/v7/schemas/ids/1" -> schema.put("schema", LEAVER.toString());
      case "/apis/ccompat/v7/schemas/ids/2" -> schema.put("schema", "{}").put("schemaType", "JSON");
      case "/apis/ccompat/v7/schemas/ids/3" ->
          schema.put("schema", "syntax = 'proto3';").put("schemaType", "PROTOBUF");
      default -> schema.put("error_code", 40403).put("message", "Schema not found");
    }
    if (!isUp.get()) {
      request.response().setStatusCode(404).end("<html>no upstream</html>");
    } else {
      request
          .response()
          .setStatusCode(schema.containsKey("error_code") ? 404 : 200)
          .end(schema.encode());
    }
  }

  private static byte[] framed(int schema, byte[] content) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) 0)
        .putInt(schema)
        .put(content)
        .array();
  }

  private static byte[] leaver(long id, String mail) throws IOException {
    GenericData.Record leaver = new GenericData.Record(LEAVER);
    leaver.put("kind", "left");
    leaver.put("id", id);
    leaver.put("mail", mail);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(LEAVER).write(leaver, encoder);
    encoder.flush();
    return framed(1, bytes.toByteArray());
  }

  @Test
  @DisplayName("are read by their schema, which is asked for once, with the reader's name")
  void avro() throws IOException {
    fixture.person("ann@example.com");
    fixture.person("bob@example.com");
    fixture.company().publish(fixture.company().terminated(), "1", leaver(1, "ann@example.com"));
    fixture.company().awaitOutcomes(1);
    fixture.company().publish(fixture.company().terminated(), "2", leaver(2, "bob@example.com"));
    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            "3",
            framed(
                2, "{\"kind\":\"left\",\"id\":3,\"mail\":\"nobody@example.com\"}".getBytes(UTF_8)));

    Map<String, JsonNode> outcomes = fixture.company().awaitOutcomes(3);

    assertThat(outcomes.get("1").path("status").asText()).isEqualTo("revoked");
    assertThat(outcomes.get("2").path("status").asText()).isEqualTo("revoked");
    assertThat(outcomes.get("3").path("subject").path("personEmail").asText())
        .isEqualTo("nobody@example.com");
    assertThat(asked)
        .containsExactly(
            "/apis/ccompat/v7/schemas/ids/1 Basic cmVhZGVyOnNlY3JldA==",
            "/apis/ccompat/v7/schemas/ids/2 Basic cmVhZGVyOnNlY3JldA==");
  }

  @Test
  @DisplayName(
      "wait while the registry does not answer, in their order, and none fails; others do not wait")
  void registryAway() throws IOException {
    isUp.set(false);
    fixture.person("ann@example.com");
    fixture.person("bob@example.com");
    fixture.person("cho@example.com");
    fixture.company().publish(fixture.company().terminated(), "k", leaver(1, "ann@example.com"));
    fixture.company().publish(fixture.company().terminated(), "k", leaver(2, "bob@example.com"));
    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            Company.event("plain", "user-terminated", Map.of("personEmail", "cho@example.com")));

    assertThat(fixture.company().awaitOutcomes(1)).containsOnlyKeys("plain");
    await().atMost(Duration.ofSeconds(20)).until(() -> asked.size() >= 4);
    assertThat(fixture.company().topics().committed(fixture.company().outcomes())).hasSize(1);
    assertThat(service.status().schemasAwaited()).isTrue();

    isUp.set(true);

    Map<String, JsonNode> outcomes = fixture.company().awaitOutcomes(3);
    assertThat(outcomes.values())
        .extracting(outcome -> outcome.path("status").asText())
        .containsOnly("revoked");
    assertThat(fixture.company().topics().committed(fixture.company().deadLetters())).isEmpty();
    assertThat(fixture.sandbox().live()).isEmpty();
    assertThat(service.status().schemasAwaited()).isFalse();
  }

  @Test
  @DisplayName("that nothing can be read by are rejected by name, and kept byte for byte")
  void unreadable() throws IOException {
    byte[] broken = java.util.Arrays.copyOf(leaver(1, "ann@example.com"), 12);
    List<byte[]> values =
        List.of(framed(3, new byte[] {8, 1}), framed(99, new byte[] {1, 2}), broken);
    values.forEach(value -> fixture.company().publish(fixture.company().terminated(), "k", value));

    List<String> messages =
        fixture.company().awaitOutcomeRecords(3).stream()
            .map(record -> Company.json(record.value()).path("error").path("message").asText())
            .toList();

    assertThat(messages)
        .anySatisfy(words -> assertThat(words).startsWith("value was Protobuf (schema 3 of"))
        .anySatisfy(
            words ->
                assertThat(words)
                    .startsWith("value was of a schema that the registry does not have (schema 99"))
        .anySatisfy(words -> assertThat(words).startsWith("value was Avro that"));
    assertThat(fixture.company().topics().committed(fixture.company().deadLetters()))
        .extracting(ConsumerRecord::value)
        .containsExactlyInAnyOrderElementsOf(values);
  }
}
