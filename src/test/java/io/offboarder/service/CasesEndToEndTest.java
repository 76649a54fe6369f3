package io.offboarder.service;

import static io.offboarder.testing.Company.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.event.Execution;
import io.offboarder.policy.PolicySettings;
import io.offboarder.policy.PolicySettings.HoldSettings;
import io.offboarder.policy.PolicySettings.TimingSettings;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.testing.Company;
import io.offboarder.testing.Schemas;
import io.offboarder.testing.ServiceFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Events that wait")
class CasesEndToEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @RegisterExtension private final ServiceFixture fixture = ServiceFixture.of("waiting");

  @Test
  @DisplayName("are told to be scheduled, and done when their time comes, though all was restarted")
  void scheduled() {
    OffboardingVerticle service = fixture.deploy();
    SandboxPerson ann = fixture.person("ann@example.com");
    Instant due = Instant.now().plusSeconds(6);
    terminate("e1", "ann@example.com", due);
    JsonNode scheduled = awaitFirst("scheduled");
    assertThat(scheduled.path("final").asBoolean()).isFalse();
    assertThat(Instant.parse(scheduled.path("timing").path("dueAt").asText())).isEqualTo(due);
    assertThat(scheduled.path("id").asText()).isNotEqualTo(scheduled.path("caseId").asText());
    assertThat(scheduled.path("decision").path("code").asText()).isEqualTo("scheduled");

    fixture.stop(service);
    assertThat(fixture.sandbox().live()).hasSize(2);
    fixture.deploy();

    JsonNode done = awaitFirst("revoked");
    assertThat(fixture.sandbox().live()).noneMatch(one -> one.personId().equals(ann.id()));
    assertThat(done.path("caseId").asText()).isEqualTo(scheduled.path("caseId").asText());
    assertThat(done.path("id").asText()).isEqualTo(done.path("caseId").asText());
    Instant deleted = Instant.parse(done.path("authorizations").get(0).path("at").asText());
    assertThat(deleted).isBetween(due, due.plusSeconds(2));
    assertThat(statuses()).containsExactly("scheduled", "revoked");
  }

  @Test
  @DisplayName("are cancelled by a rescind, which says so, and nothing is done")
  void rescinded() {
    fixture.deploy();
    fixture.person("ann@example.com");
    Instant due = Instant.now().plusSeconds(8);
    terminate("e1", "ann@example.com", due);
    JsonNode scheduled = awaitFirst("scheduled");
    rescind("r1", Map.of("personEmail", "Ann@example.com"));

    JsonNode cancelled = awaitFirst("cancelled");
    JsonNode rescinded = awaitFirst("rescinded");

    String caseId = scheduled.path("caseId").asText();
    assertThat(cancelled.path("caseId").asText()).isEqualTo(caseId);
    assertThat(cancelled.path("cases").get(0).path("caseId").asText())
        .isEqualTo(rescinded.path("caseId").asText());
    assertThat(cancelled.path("cases").get(0).path("relation").asText()).isEqualTo("cancelled_by");
    assertThat(rescinded.path("cases").get(0).path("caseId").asText()).isEqualTo(caseId);
    assertThat(rescinded.path("cases").get(0).path("relation").asText()).isEqualTo("cancelled");
    assertThat(fixture.sandbox().deletions()).isEmpty();
    assertThat(fixture.sandbox().live()).hasSize(2);

    // What still arrives and happened before is cancelled too, be it for at once.
    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            event("e0", "user-terminated", Map.of("personEmail", "ann@example.com")));
    awaitOutcomes(4);
    assertThat(statuses())
        .containsExactlyInAnyOrder("scheduled", "cancelled", "rescinded", "cancelled");
    assertThat(fixture.sandbox().live()).hasSize(2);
  }

  @Test
  @DisplayName("are not there to be taken back where it comes too late, or never was anything")
  void nothingToRescind() {
    fixture.deploy();
    fixture.person("ann@example.com");
    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            event("e1", "user-terminated", Map.of("personEmail", "ann@example.com")));
    awaitFirst("revoked");
    rescind("r1", Map.of("eventId", "e1"));
    JsonNode late = awaitFirst("nothing_to_rescind");
    assertThat(late.path("decision").path("code").asText()).isEqualTo("too_late");
    assertThat(late.path("cases").get(0).path("status").asText()).isEqualTo("revoked");
    assertThat(late.path("notes").get(0).asText()).contains("second looks");

    rescind("r2", Map.of("personEmail", "bob@example.com"));
    JsonNode never = awaitOutcomes(3).get(2);
    assertThat(never.path("decision").path("code").asText()).isEqualTo("nothing_waited");
  }

  @Test
  @DisplayName("are done, and kept byte for byte, though each is too large to wait in memory")
  void large() {
    fixture.deploy();
    String pad = "p".repeat(100_000);
    String due = Instant.now().plusSeconds(5).toString();
    Set<String> published = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      String address = "nobody-" + i + "@example.com";
      var event =
          event(
              "e" + i,
              "user-terminated",
              Map.of("personEmail", address, "effectiveAt", due, "pad", pad));
      published.add(event.toString());
      fixture.company().publish(fixture.company().terminated(), event);
    }

    awaitOutcomes(40);

    assertThat(statuses()).filteredOn("subject_not_found"::equals).hasSize(20);
    assertThat(fixture.company().topics().committed(fixture.company().deadLetters()))
        .extracting(letter -> new String(letter.value(), UTF_8))
        .containsExactlyInAnyOrderElementsOf(published);
  }

  @Test
  @DisplayName("are not taken back by what is older by its time, and its outcome says so")
  void olderRescind() {
    fixture.deploy();
    fixture.person("ann@example.com");
    terminate("e1", "ann@example.com", Instant.now().plusSeconds(300));
    JsonNode scheduled = awaitFirst("scheduled");
    var rescind =
        event("r1", "user-termination-rescinded", Map.of("personEmail", "ann@example.com"));
    String before = Instant.now().minus(Duration.ofMinutes(5)).toString();
    fixture.company().publish(fixture.company().decommissioned(), rescind.put("time", before));

    JsonNode nothing = awaitFirst("nothing_to_rescind");

    assertThat(nothing.path("decision").path("code").asText()).isEqualTo("older");
    assertThat(nothing.path("decision").path("reason").asText())
        .contains(scheduled.path("caseId").asText());
  }

  @Test
  @DisplayName("are replaced by a newer schedule")
  void replaced() {
    fixture.deploy();
    fixture.person("ann@example.com");
    terminate("e1", "ann@example.com", Instant.now().plusSeconds(300));
    awaitFirst("scheduled");
    terminate("e2", "ann@example.com", Instant.now().plusSeconds(3));

    JsonNode cancelled = awaitFirst("cancelled");
    JsonNode done = awaitFirst("revoked");

    assertThat(cancelled.path("event").path("id").asText()).isEqualTo("e1");
    assertThat(cancelled.path("cases").get(0).path("relation").asText()).isEqualTo("replaced_by");
    assertThat(cancelled.path("cases").get(0).path("caseId").asText())
        .isEqualTo(done.path("caseId").asText());
    assertThat(done.path("event").path("id").asText()).isEqualTo("e2");
  }

  @Test
  @DisplayName("wait on when their record is read again, whatever would be done with it by now")
  void readAgain() {
    PolicySettings usual = PolicySettings.defaults();
    HoldSettings approval = new HoldSettings(Duration.ofDays(7), true);
    OffboardingVerticle careful =
        fixture.deploy(
            fixture.settings().toBuilder()
                .policy(new PolicySettings(usual.timing(), List.of(), null, usual.mode(), approval))
                .build());
    retire("e1");
    JsonNode held = awaitFirst("held");
    fixture.stop(careful);
    fixture.company().forgetOffsets();

    fixture.deploy();
    retire("e2"); // Of the same app, so that it begins when the other's record is done with.
    JsonNode accepted = awaitFirst("accepted");

    assertThat(held.path("event").path("id").asText()).isEqualTo("e1");
    assertThat(accepted.path("event").path("id").asText()).isEqualTo("e2");
    assertThat(statuses()).containsExactly("held", "accepted");
  }

  @Test
  @DisplayName("are looked at again after their end, and what reappeared is revoked")
  void secondLooks() {
    TimingSettings usual = TimingSettings.defaults();
    TimingSettings soon =
        new TimingSettings(
            usual.clockSkew(),
            usual.grace(),
            usual.immediateReasons(),
            usual.maxDelay(),
            List.of(Duration.ofSeconds(3), Duration.ofSeconds(6)));
    fixture.deploy(
        fixture.settings().toBuilder()
            .policy(new PolicySettings(soon, List.of(), null, Execution.REAL))
            .build());
    SandboxPerson ann = fixture.person("ann@example.com");
    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            event("e1", "user-terminated", Map.of("personEmail", "ann@example.com")));
    awaitFirst("revoked");
    fixture.sandbox().authorize(ann, fixture.app(), 1);

    List<JsonNode> outcomes = awaitOutcomes(3);

    assertThat(fixture.sandbox().live()).isEmpty();
    assertThat(statuses()).containsExactly("revoked", "relook", "relook");
    assertThat(outcomes.get(1).path("look").asInt()).isEqualTo(1);
    assertThat(outcomes.get(1).path("authorizations")).hasSize(2);
    assertThat(outcomes.get(1).path("final").asBoolean()).isFalse();
    assertThat(outcomes.get(2).path("look").asInt()).isEqualTo(2);
    assertThat(outcomes.get(2).path("authorizations")).isEmpty();
    assertThat(outcomes.stream().map(one -> one.path("id").asText()).distinct()).hasSize(3);
    assertThat(outcomes.stream().map(one -> one.path("caseId").asText()).distinct()).hasSize(1);
  }

  private void retire(String id) {
    Map<String, String> data =
        Map.of("clientId", fixture.app().clientId(), "orgId", fixture.sandbox().orgId());
    byte[] event = event(id, "app-decommissioned", data).toString().getBytes(UTF_8);
    fixture.company().publish(fixture.company().decommissioned(), "app", event);
  }

  private void terminate(String id, String email, Instant due) {
    var event =
        event(id, "user-terminated", Map.of("personEmail", email, "effectiveAt", due.toString()));
    fixture
        .company()
        .publish(fixture.company().terminated(), event.put("time", Instant.now().toString()));
  }

  private void rescind(String id, Map<String, String> data) {
    var event = event(id, "user-termination-rescinded", data);
    fixture
        .company()
        .publish(fixture.company().decommissioned(), event.put("time", Instant.now().toString()));
  }

  private List<String> statuses() {
    return all(fixture.company().topics().committed(fixture.company().outcomes())).stream()
        .map(outcome -> outcome.path("status").asText())
        .toList();
  }

  private List<JsonNode> awaitOutcomes(int count) {
    return all(
        fixture
            .company()
            .topics()
            .committed(fixture.company().outcomes(), records -> records.size() >= count, PATIENCE));
  }

  private JsonNode awaitFirst(String status) {
    Map<String, JsonNode> first = new HashMap<>();
    fixture
        .company()
        .topics()
        .committed(
            fixture.company().outcomes(),
            records -> {
              all(records).forEach(one -> first.putIfAbsent(one.path("status").asText(), one));
              return first.containsKey(status);
            },
            PATIENCE);
    return first.get(status);
  }

  /** In the order of their ends. */
  private static List<JsonNode> all(List<ConsumerRecord<byte[], byte[]>> records) {
    records.forEach(record -> Schemas.assertValidOutcome(record.value()));
    return records.stream()
        .map(record -> Company.json(record.value()))
        .sorted(
            (a, b) ->
                Instant.parse(a.path("timing").path("completedAt").asText())
                    .compareTo(Instant.parse(b.path("timing").path("completedAt").asText())))
        .toList();
  }
}
