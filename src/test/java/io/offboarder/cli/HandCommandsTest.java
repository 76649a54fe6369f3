package io.offboarder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.testing.Company;
import io.offboarder.testing.ServiceFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A person's hand, on a real broker and a sandbox,")
class HandCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @RegisterExtension private final ServiceFixture fixture = ServiceFixture.of("hand");

  @TempDir Path directory;

  @Test
  @DisplayName("plans a termination by lists alone, and spares what is protected")
  void plan() throws IOException {
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    SandboxPerson boss = fixture.sandbox().addPerson("boss@example.com");
    fixture.sandbox().authorize(ann, fixture.sandbox().newApp("Slides"), 2);
    fixture.sandbox().authorize(boss, fixture.sandbox().newApp("Slides"), 1);
    Path list =
        Files.writeString(
            directory.resolve("protected.yaml"), "persons: {addresses: [boss@example.com]}");
    Path people =
        Files.writeString(
            directory.resolve("people.txt"), ann.id() + "\n\nboss@example.com\nno@example.com\n");

    Invocation one = service().run("plan", "--person-email", "ann@example.com");
    Invocation all =
        service()
            .with("OFFBOARDER_POLICY_PROTECTED_FILE", list.toString())
            .run("plan", "--file", people.toString(), "-o", "json");

    assertThat(one.errors()).isEmpty();
    assertThat(one.exitCode()).isZero();
    assertThat(one.lines()).last().asString().contains("dry_run", "would revoke 3: Slides ×3");
    assertThat(all.lines()).hasSize(3);
    assertThat(all.lines().stream().map(line -> json(line).path("status").asText()))
        .containsExactly("dry_run", "skipped", "subject_not_found");
    assertThat(all.exitCode()).isEqualTo(1);
    assertThat(fixture.sandbox().requests(Operation.DELETE)).isZero();
    assertThat(fixture.sandbox().live()).hasSize(5);
    Invocation wrong = service().run("plan", "--person-id", "a/b");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.errors()).last().asString().contains("data.personId");
  }

  @Test
  @DisplayName("revokes one person's access, shows the outcome and tells by its exit code")
  void revoke() {
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    fixture.sandbox().authorize(ann, fixture.sandbox().newApp("Slides"), 2);
    fixture.deploy();

    Invocation revoked = kafka().run("revoke", "--person-email", "ann@example.com", "--yes");
    Invocation unknown = kafka().run("revoke", "--person-email", "no@example.com", "--yes");

    assertThat(revoked.exitCode()).isZero();
    assertThat(revoked.lines()).anySatisfy(line -> assertThat(line).contains("revoked", "Slides"));
    assertThat(fixture.sandbox().live()).isEmpty();
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(kafka().run("revoke").exitCode()).isEqualTo(2);
  }

  @Test
  @DisplayName("publishes no dead letter to a topic that is no input, though it names one")
  void replayForged() {
    ProducerRecord<byte[], byte[]> forged =
        new ProducerRecord<>(fixture.company().deadLetters(), "forged".getBytes(UTF_8));
    Map.of("topic", fixture.company().outcomes(), "partition", "0", "offset", "0")
        .forEach(
            (name, value) ->
                forged.headers().add("__offboarder.errors." + name, value.getBytes(UTF_8)));
    fixture.company().topics().publish(List.of(forged));

    Invocation done = kafka().run("replay", "--dead-letters", "--yes");

    assertThat(done.lines())
        .anyMatch(line -> line.contains("NOT published: its topic is no input"));
    assertThat(done.lines()).last().isEqualTo("published 0 records");
    assertThat(fixture.company().topics().committed(fixture.company().outcomes())).isEmpty();
  }

  @Test
  @DisplayName("publishes dead letters again as they came, once it is told to")
  void replayDeadLetters() {
    fixture.deploy();
    fixture
        .company()
        .publishBinary(
            fixture.company().terminated(),
            Company.event("e1", "user-terminated", Map.of("personEmail", "ann@example.com")));
    fixture.company().publish(fixture.company().terminated(), "k", "garbage".getBytes(UTF_8));
    fixture.company().awaitOutcomes(2);
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    fixture.sandbox().authorize(ann, fixture.sandbox().newApp("Slides"), 1);

    Invocation dry = kafka().run("replay", "--dead-letters");
    assertThat(dry.exitCode()).isZero();
    assertThat(dry.lines()).hasSize(3).last().asString().contains("nothing was published");
    assertThat(fixture.company().topics().committed(fixture.company().terminated())).hasSize(2);
    Invocation few = kafka().run("replay", "--dead-letters", "--max", "1", "--yes");
    assertThat(few.exitCode()).isEqualTo(1);
    assertThat(few.errors()).last().asString().contains("more than --max 1 record");

    Invocation done = kafka().run("replay", "--status", "subject_not_found", "--yes");
    assertThat(done.lines()).last().isEqualTo("published 1 record");
    assertThat(fixture.sandbox().requests(Operation.LIST)).isPositive();
    fixture.company().awaitOutcomeRecords(3);
    assertThat(fixture.sandbox().live()).isEmpty();
    List<ConsumerRecord<byte[], byte[]>> records =
        fixture.company().topics().committed(fixture.company().terminated());
    ConsumerRecord<byte[], byte[]> again = records.get(records.size() - 1);
    assertThat(records).hasSize(3);
    JsonNode first =
        fixture.company().awaitOutcomeRecords(3).stream()
            .map(record -> Company.json(record.value()))
            .filter(outcome -> outcome.path("status").asText().equals("subject_not_found"))
            .findFirst()
            .orElseThrow();
    ConsumerRecord<byte[], byte[]> replayed =
        records.stream()
            .filter(record -> record.headers().lastHeader("__offboarder.first-case") != null)
            .findFirst()
            .orElse(again);
    assertThat(new String(replayed.headers().lastHeader("ce_id").value(), UTF_8)).isEqualTo("e1");
    assertThat(header(replayed, "__offboarder.first-case"))
        .isEqualTo(first.path("caseId").asText());
    assertThat(header(replayed, "__offboarder.first-arrived"))
        .isEqualTo(
            "" + Instant.parse(first.path("timing").path("arrivedAt").asText()).toEpochMilli());
    ConsumerRecord<byte[], byte[]> before =
        records.stream()
            .filter(record -> record.offset() == first.path("event").path("offset").asLong())
            .filter(record -> record.partition() == first.path("event").path("partition").asInt())
            .findFirst()
            .orElseThrow();
    assertThat(replayed.key()).isEqualTo(before.key());
    assertThat(replayed.value()).isEqualTo(before.value());

    Invocation twice =
        kafka().run("replay", "--topic", fixture.company().terminated(), "--yes", "-o", "json");
    JsonNode said = json(twice.lines().get(0));
    assertThat(said.path("published").asInt()).isEqualTo(3);
    assertThat(said.path("records").findValuesAsText("firstCase"))
        .filteredOn(first.path("caseId").asText()::equals)
        .hasSize(2);
    fixture.company().awaitOutcomeRecords(6);
    Invocation elsewhere = kafka().run("replay", "--topic", fixture.company().outcomes());
    assertThat(elsewhere.exitCode()).isEqualTo(2);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  private Invocation kafka() {
    return new Invocation().with(fixture.company().environment());
  }

  private Invocation service() {
    return kafka()
        .with("OFFBOARDER_WEBEX_BASE_URL", fixture.sandbox().baseUrl().toString())
        .with(
            "OFFBOARDER_WEBEX_ACCESS_TOKEN",
            fixture.sandbox().settings().credentials().accessToken());
  }
}
