package io.offboarder.service;

import static io.offboarder.testing.Company.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.Fault;
import io.offboarder.sandbox.Fault.Effect;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxDeletion;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Schemas;
import io.offboarder.testing.ServiceFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The journal, from events in to outcomes out,")
class JournalEndToEndTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @RegisterExtension private final ServiceFixture fixture = ServiceFixture.of("journal");

  @Test
  @DisplayName("lets an outcome name what an attempt deleted that ended without one")
  void cutShort() {
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    SandboxApp slides = fixture.sandbox().newApp("Slides");
    fixture.sandbox().authorize(ann, slides, 2);
    fixture.sandbox().authorize(ann, fixture.sandbox().newApp("Notes"), 1);
    fixture
        .sandbox()
        .script(Fault.of(new Effect.Delay(Duration.ofSeconds(3))).on(Operation.DELETE));
    OffboardingVerticle first = deploy();
    fixture.company().publish(fixture.company().terminated(), leaves(ann));
    await().atMost(SOON).until(() -> notesInJournal() == 1);
    fixture.sandbox().script(Fault.of(new Effect.Hang()).on(Operation.LIST));
    await().atMost(SOON).until(() -> fixture.sandbox().live(ann).isEmpty());
    fixture.stop(first);
    assertThat(fixture.company().topics().committed(fixture.company().outcomes()))
        .map(record -> new String(record.value(), UTF_8))
        .isEmpty();
    fixture.sandbox().clearFaults();

    deploy();

    JsonNode outcome = fixture.company().awaitOutcomes(1).get("e1");
    assertThat(outcome.path("status").asText()).isEqualTo("revoked");
    assertThat(outcome.path("verification").path("remaining").asInt()).isZero();
    assertThat(trackingIds(outcome))
        .isEqualTo(
            fixture.sandbox().deletions().stream()
                .collect(
                    Collectors.toMap(
                        deleted -> deleted.authorization().id(), SandboxDeletion::trackingId)));
    assertThat(outcome.path("authorizations"))
        .hasSize(5)
        .allMatch(one -> one.path("result").asText().equals("gone"));
    Schemas.assertValidOutcome(outcome.toString().getBytes(UTF_8));
  }

  @Test
  @DisplayName(
      "holds one note for each round of deletes, and none where there is nothing to delete")
  void notes() {
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    SandboxPerson bob = fixture.sandbox().addPerson("bob@example.com");
    fixture.sandbox().authorize(ann, fixture.sandbox().newApp("Slides"), 2);
    deploy();
    fixture.company().publish(fixture.company().terminated(), leaves(ann));
    fixture.company().awaitOutcomes(1);
    long noted = notesInJournal();
    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            event("e2", "user-terminated", Map.of("personId", bob.id())));
    fixture.company().awaitOutcomes(2);

    assertThat(fixture.company().topics().committed(fixture.company().journal()))
        .filteredOn(record -> record.key() != null)
        .allSatisfy(
            note ->
                assertThat(Schemas.faults(Schemas.NOTE, new String(note.value(), UTF_8)))
                    .isEmpty());
    assertThat(noted).isOne();
    assertThat(notesInJournal()).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  @DisplayName("lets an event that has deleted be ended as done, though it was taken back since")
  void begunAndTakenBack(int seconds) {
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    fixture.sandbox().authorize(ann, fixture.sandbox().newApp("Slides"), 2);
    fixture
        .sandbox()
        .script(Fault.of(new Effect.Delay(Duration.ofSeconds(2))).on(Operation.DELETE));
    OffboardingVerticle first = deploy();
    Instant due = Instant.now().plusSeconds(seconds);
    ObjectNode leaver =
        event(
            "e1",
            "user-terminated",
            seconds == 0
                ? Map.of("personId", ann.id())
                : Map.of("personId", ann.id(), "effectiveAt", due.toString()));
    fixture.company().publish(fixture.company().terminated(), leaver);
    await().atMost(SOON).until(() -> notesInJournal() == 1);
    fixture.sandbox().script(Fault.of(new Effect.Hang()).on(Operation.LIST));
    await().atMost(SOON).until(() -> fixture.sandbox().live(ann).isEmpty());
    fixture.stop(first);
    OffboardingVerticle second = deploy();
    fixture
        .company()
        .publish(
            fixture.company().decommissioned(),
            event("r1", "user-termination-rescinded", Map.of("eventId", "e1")));
    await().atMost(SOON).until(() -> isRescindKnown());
    fixture.stop(second);
    fixture.sandbox().clearFaults();

    deploy();

    Map<String, JsonNode> ends = fixture.company().awaitOutcomes(seconds == 0 ? 2 : 3);
    assertThat(ends.get("e1").path("status").asText()).isEqualTo("revoked");
    assertThat(trackingIds(ends.get("e1")).keySet())
        .isEqualTo(
            fixture.sandbox().deletions().stream()
                .map(deleted -> deleted.authorization().id())
                .collect(Collectors.toSet()));
    assertThat(ends.get("r1").path("status").asText()).isEqualTo("nothing_to_rescind");
  }

  @Test
  @DisplayName("keeps no event waiting that needs none, while it cannot be written")
  void cannotBeWritten() throws Exception {
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    SandboxPerson bob = fixture.sandbox().addPerson("bob@example.com");
    fixture.sandbox().authorize(ann, fixture.sandbox().newApp("Slides"), 1);
    deploy();
    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            event("e0", "user-terminated", Map.of("personId", bob.id())));
    fixture.company().awaitOutcomes(1);
    try (Admin admin = Admin.create(EmbeddedBroker.shared().clientProperties())) {
      admin.deleteTopics(List.of(fixture.company().journal())).all().get();
      await()
          .atMost(SOON)
          .until(() -> !admin.listTopics().names().get().contains(fixture.company().journal()));
    }

    fixture.company().publish(fixture.company().terminated(), leaves(ann));
    fixture
        .company()
        .publish(fixture.company().terminated(), event("e2", "user-terminated", Map.of()));
    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            event("e3", "user-terminated", Map.of("personId", bob.id())));

    Map<String, JsonNode> ends = fixture.company().awaitOutcomes(3);
    assertThat(ends.get("e2").path("status").asText()).isEqualTo("rejected");
    assertThat(ends.get("e3").path("status").asText()).isEqualTo("nothing_to_revoke");
    assertThat(ends).doesNotContainKey("e1");
    assertThat(fixture.sandbox().live(ann)).hasSize(2);
  }

  private boolean isRescindKnown() {
    return fixture.company().topics().committed(fixture.company().cases()).stream()
        .anyMatch(
            record -> record.value() != null && new String(record.value(), UTF_8).contains("r1"));
  }

  @Test
  @DisplayName("goes on from what the jar of 0.1.0 had committed when it was killed")
  void firstRelease() throws Exception {
    // Recorded from that jar: done are the records below offset 68 and the one at 73.
    commit(new OffsetAndMetadata(68, "O1w4972be67\u3420"));
    List<ProducerRecord<byte[], byte[]>> records =
        IntStream.range(0, 80)
            .mapToObj(i -> leaves(fixture.sandbox().addPerson("p" + i + "@example.com")))
            .map(leaver -> leaver.toString().getBytes(UTF_8))
            .map(
                value ->
                    new ProducerRecord<byte[], byte[]>(
                        fixture.company().terminated(), 0, null, value))
            .toList();
    fixture.company().topics().publish(records);

    deploy();

    assertThat(fixture.company().awaitOutcomeRecords(11))
        .map(record -> Company.json(record.value()).path("event").path("offset").asInt())
        .containsExactlyInAnyOrder(68, 69, 70, 71, 72, 74, 75, 76, 77, 78, 79);
    assertThat(fixture.sandbox().requests(Operation.LIST)).isEqualTo(11);
  }

  private void commit(OffsetAndMetadata offset) throws Exception {
    try (Admin admin = Admin.create(EmbeddedBroker.shared().clientProperties())) {
      String group = fixture.settings().stream().groupId();
      admin
          .alterConsumerGroupOffsets(
              group, Map.of(new TopicPartition(fixture.company().terminated(), 0), offset))
          .all()
          .get();
    }
  }

  private long notesInJournal() {
    return fixture.company().topics().committed(fixture.company().journal()).stream()
        .filter(record -> record.key() != null)
        .count();
  }

  private static ObjectNode leaves(SandboxPerson person) {
    return event("e1", "user-terminated", Map.of("personId", person.id()));
  }

  private static Map<String, String> trackingIds(JsonNode outcome) {
    Map<String, String> ids = new HashMap<>();
    outcome
        .path("authorizations")
        .forEach(one -> ids.put(one.path("id").asText(), one.path("trackingId").asText()));
    return ids;
  }

  /** What hangs when it is stopped hangs for good, so it is not waited for long. */
  private OffboardingVerticle deploy() {
    return fixture.deploy(
        fixture.settings().toBuilder().stopTimeout(Duration.ofSeconds(1)).build());
  }
}
