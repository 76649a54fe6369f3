package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.intake.IntakeRules;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.testing.Company;
import io.offboarder.testing.ServiceFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Other systems' records, from records in to outcomes out")
class IntakeEndToEndTest {
  private static final String RULES =
      """
      - name: batch
        when: $exists(events)
        events: events
        rules:
          - name: leaver
            when: kind = "left"
            action: terminate
            id: id
            subject: { personEmail: mail }
            effective: { dates: { at: at }, required: false }
          - name: other
            action: ignore
      - name: by-number
        when: kind = "left" and $exists(number)
        action: terminate
        id: id
        subject: { personEmail: '$table("people", number)' }
        tables: { people: { file: %s, key: number, value: mail } }
      - name: leaver
        when: kind = "left"
        action: terminate
        id: id
        subject: { personEmail: mail }
      - name: other-kinds
        when: $exists(kind)
        action: ignore
      """;

  @RegisterExtension private final ServiceFixture fixture = ServiceFixture.of("intake");

  @TempDir private Path folder;
  private Path people;

  @BeforeEach
  void start() throws Exception {
    people = Files.writeString(folder.resolve("people.csv"), "number,mail\n");
    IntakeRules rules = IntakeRules.read(RULES.formatted(people), "intake");
    fixture.deploy(fixture.settings().toBuilder().intake(new IntakeSettings(rules, null)).build());
  }

  private void publish(String key, String json) {
    fixture.company().publish(fixture.company().terminated(), key, json.getBytes(UTF_8));
  }

  private Set<String> working() {
    Set<String> owners =
        fixture.sandbox().live().stream()
            .map(SandboxAuthorization::personId)
            .collect(Collectors.toSet());
    return fixture.sandbox().people().stream()
        .filter(person -> owners.contains(person.id()))
        .map(person -> person.email())
        .collect(Collectors.toSet());
  }

  @Test
  @DisplayName(
      "of all kinds of employees' events, leavers' alone are touched; the others leave no trace")
  void mixedTopic() {
    fixture.person("ann@example.com");
    fixture.person("bob@example.com");
    fixture.person("cho@example.com");
    fixture.person("dee@example.com");
    publish("1", "{\"kind\":\"hired\",\"id\":\"h1\",\"mail\":\"ann@example.com\"}");
    publish("2", "{\"kind\":\"left\",\"id\":\"l1\",\"mail\":\"bob@example.com\"}");
    publish("3", "{\"kind\":\"moved\",\"id\":\"m1\",\"mail\":\"cho@example.com\"}");
    publish(
        "4",
        "{\"id\":\"ours\",\"type\":\"user-terminated\",\"data\":{\"personEmail\":\"dee@example.com\"}}");
    publish("5", "{\"what\":\"is this\"}");

    Map<String, JsonNode> outcomes = fixture.company().awaitOutcomes(3);

    assertThat(outcomes.get("l1").path("status").asText()).isEqualTo("revoked");
    assertThat(outcomes.get("l1").path("notes").toString())
        .contains("mapped by the intake rule leaver");
    assertThat(outcomes.get("ours").path("status").asText()).isEqualTo("revoked");
    JsonNode unknown = outcomes.get("null");
    assertThat(unknown.path("status").asText()).isEqualTo("rejected");
    assertThat(unknown.path("error").path("message").asText())
        .contains("no intake rule is for it: looked at batch, by-number, leaver, other-kinds");
    assertThat(working()).containsExactlyInAnyOrder("ann@example.com", "cho@example.com");
    assertThat(fixture.company().topics().committed(fixture.company().outcomes())).hasSize(3);
    assertThat(fixture.company().topics().committed(fixture.company().deadLetters())).hasSize(1);
  }

  @Test
  @DisplayName(
      "a record with several events gives a case each, and one dead letter for all that is wrong")
  void batch() {
    fixture.person("ann@example.com");
    fixture.person("bob@example.com");
    fixture.person("cho@example.com");
    String record =
        "{\"events\":[{\"kind\":\"left\",\"id\":\"b0\",\"mail\":\"ann@example.com\"},"
            + "{\"kind\":\"hired\",\"id\":\"b1\",\"mail\":\"bob@example.com\"},"
            + "{\"kind\":\"left\",\"id\":\"b2\"},"
            + "{\"kind\":\"left\",\"id\":\"b3\",\"mail\":[\"a@example.com\",\"b@example.com\"]},"
            + "{\"kind\":\"left\",\"id\":\"b4\",\"mail\":\"cho@example.com\"}]}";
    publish("b", record);

    Map<String, JsonNode> outcomes = fixture.company().awaitOutcomes(4);

    assertThat(outcomes.get("b0").path("status").asText()).isEqualTo("revoked");
    assertThat(outcomes.get("b4").path("status").asText()).isEqualTo("revoked");
    assertThat(outcomes.get("b2").path("error").path("field").asText())
        .isEqualTo("batch/leaver: subject");
    assertThat(outcomes.get("b3").path("error").path("field").asText())
        .isEqualTo("batch/leaver: subject.personEmail");
    assertThat(outcomes.get("b4").path("event").path("index").asInt()).isEqualTo(4);
    assertThat(outcomes.values())
        .extracting(outcome -> outcome.path("caseId").asText())
        .doesNotHaveDuplicates();
    assertThat(working()).containsExactly("bob@example.com");
    List<ConsumerRecord<byte[], byte[]>> kept =
        fixture.company().topics().committed(fixture.company().deadLetters());
    assertThat(kept).hasSize(1);
    assertThat(new String(kept.get(0).value(), UTF_8)).isEqualTo(record);
  }

  @Test
  @DisplayName("a thousand events in one record are done, and more than that none of them")
  void mostEvents() {
    fixture.person("ann@example.com");
    publish("full", batchOf(1000));
    assertThat(fixture.company().awaitOutcomeRecords(1000)).hasSize(1000);

    publish("more", batchOf(1001));

    JsonNode rejected =
        Company.json(
            fixture.company().awaitOutcomeRecords(1001).stream()
                .map(ConsumerRecord::value)
                .filter(value -> new String(value, UTF_8).contains("too_many_events"))
                .findFirst()
                .orElseThrow());
    assertThat(rejected.path("error").path("message").asText())
        .isEqualTo("batch: events were 1001, expected at most 1000 in one record");
    assertThat(working()).containsExactly("ann@example.com");
  }

  private static String batchOf(int events) {
    return IntStream.range(0, events)
        .mapToObj(
            i ->
                "{\"kind\":\"left\",\"id\":\"" + i + "\",\"mail\":\"nobody" + i + "@example.com\"}")
        .collect(Collectors.joining(",", "{\"events\":[", "]}"));
  }

  @Test
  @DisplayName(
      "events of one record that take effect later wait each for itself, and are done in time")
  void scheduledBatch() {
    fixture.person("ann@example.com");
    fixture.person("bob@example.com");
    String padding = "x".repeat(20_000);
    publish(
        "s",
        "{\"padding\":\"%s\",\"events\":[{\"kind\":\"left\",\"id\":\"s0\",\"mail\":\"ann@example.com\",\"at\":\"%s\"},"
                .formatted(padding, Instant.now().plusSeconds(4))
            + "{\"kind\":\"left\",\"id\":\"s1\",\"mail\":\"bob@example.com\"},"
            + "{\"kind\":\"left\",\"id\":\"s2\",\"mail\":\"nobody@example.com\",\"at\":\"%s\"}]}"
                .formatted(Instant.now().plusSeconds(4)));

    List<JsonNode> outcomes =
        fixture.company().awaitOutcomeRecords(5).stream()
            .map(record -> Company.json(record.value()))
            .toList();

    assertThat(outcomes)
        .extracting(
            outcome ->
                outcome.path("event").path("id").asText() + " " + outcome.path("status").asText())
        .containsExactlyInAnyOrder(
            "s0 scheduled", "s2 scheduled", "s1 revoked", "s0 revoked", "s2 subject_not_found");
    assertThat(working()).isEmpty();
    assertThat(fixture.company().topics().committed(fixture.company().deadLetters()))
        .singleElement()
        .satisfies(
            kept ->
                assertThat(kept.headers().lastHeader("__offboarder.errors.value-dropped"))
                    .isNotNull());
  }

  @Test
  @DisplayName("who is known by number alone is looked up, in a table that is read again")
  void table() throws Exception {
    fixture.person("ann@example.com");
    publish("1", "{\"kind\":\"left\",\"id\":\"t1\",\"number\":21001}");
    assertThat(fixture.company().awaitOutcomes(1).get("t1").path("error").path("message").asText())
        .startsWith("by-number: subject yielded nothing")
        .endsWith("; the table people has no row for '21001'");

    Files.writeString(people, "number,mail\n21001,ann@example.com\n");
    Files.setLastModifiedTime(
        people, java.nio.file.attribute.FileTime.from(Instant.now().plusSeconds(5)));

    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              publish("1", "{\"kind\":\"left\",\"id\":\"t2\",\"number\":21001}");
              return working().isEmpty();
            });
  }
}
