package io.offboarder.service;

import static io.offboarder.testing.Company.event;
import static io.offboarder.testing.ServiceFixture.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.guard.GuardSettings;
import io.offboarder.policy.PolicySettings;
import io.offboarder.policy.PolicySettings.HoldSettings;
import io.offboarder.testing.ServiceFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The guard, over a whole group,")
class GuardEndToEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LIMIT = 15;
  private static final GuardSettings BOUNDS =
      new GuardSettings(LIMIT, 1, Duration.ofHours(1), false);

  @RegisterExtension private final ServiceFixture fixture = ServiceFixture.of("guard", 12);

  @Test
  @DisplayName("lets as many people be touched as its limit says, and holds all others")
  void exactly() {
    deploy(1);
    deploy(2);
    deploy(3);
    fixture.leave(0, 80);

    List<JsonNode> outcomes = fixture.outcomes(80);

    assertThat(touched()).hasSize(LIMIT);
    assertThat(with(outcomes, "revoked")).hasSize(LIMIT);
    List<JsonNode> held = with(outcomes, "held");
    assertThat(held).hasSize(80 - LIMIT);
    assertThat(held)
        .allSatisfy(one -> assertThat(one.path("final").asBoolean()).isFalse())
        .allSatisfy(
            one -> assertThat(one.path("decision").path("code").asText()).isEqualTo("guard"));
  }

  @Test
  @DisplayName("counts on when instances come and go in the middle")
  void throughChanges() {
    OffboardingVerticle first = deploy(1);
    deploy(2);
    fixture.leave(0, 10);
    fixture.outcomes(10);
    fixture.leave(10, 80);
    await().atMost(PATIENCE).until(() -> touched().size() > 11);
    fixture.stop(first);
    deploy(3);

    assertThat(fixture.outcomes(80, "held")).hasSize(80 - LIMIT);
    assertThat(touched()).hasSize(LIMIT);

    // One that knows nothing yet holds what still comes.
    deploy(4);
    fixture.leave(80, 90);
    assertThat(fixture.outcomes(90, "held")).hasSize(90 - LIMIT);
  }

  @Test
  @DisplayName("lets go what a person releases, each to one end, and begins again when it is reset")
  void byHand() {
    deploy(1);
    deploy(2);
    fixture.leave(0, 30);
    List<JsonNode> held = fixture.outcomes(30, "held");
    assertThat(held).hasSize(30 - LIMIT);
    List<String> cases = held.stream().map(one -> one.path("caseId").asText()).toList();

    fixture.say(Verb.RELEASE, cases.subList(0, 10), "checked");
    fixture.say(Verb.DISCARD, cases.subList(10, cases.size()), "checked");

    List<JsonNode> outcomes = fixture.outcomes(30 + cases.size());
    List<JsonNode> ends = outcomes.stream().filter(one -> one.path("final").asBoolean()).toList();
    assertThat(ends.stream().map(one -> one.path("caseId").asText())).doesNotHaveDuplicates();
    assertThat(ends).hasSize(30);
    assertThat(with(ends, "revoked")).hasSize(LIMIT + 10);
    assertThat(with(ends, "discarded")).hasSize(cases.size() - 10);
    assertThat(touched()).hasSize(LIMIT + 10);
    JsonNode released =
        with(ends, "revoked").stream()
            .filter(one -> cases.contains(one.path("caseId").asText()))
            .findFirst()
            .orElseThrow();
    assertThat(released.path("notes").toString()).contains("released by ann: checked");

    // Who comes next is still held, until the guard is reset.
    fixture.leave(30, 31);
    assertThat(fixture.outcomes(31 + cases.size(), "held")).hasSize(cases.size() + 1);
    fixture.say(Verb.RESET_GUARD, List.of(), "checked");
    deploy(3);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> fixture.services().stream().noneMatch(one -> one.status().guard().isTripped()));
    fixture.leave(31, 31 + LIMIT + 2);
    List<JsonNode> all = fixture.outcomes(31 + cases.size() + LIMIT + 2);
    assertThat(with(all, "revoked")).hasSize(LIMIT + 10 + LIMIT);
    assertThat(with(all, "held")).hasSize(cases.size() + 1 + 2);
  }

  @Test
  @DisplayName("holds all that came into a pause once a person trips it, also over restarts")
  void trippedByHand() {
    OffboardingVerticle first = deploy(1);
    deploy(2);
    fixture.leave(0, 3);
    fixture.outcomes(3);
    fixture.say(Verb.PAUSE, List.of(), "checked");
    await()
        .atMost(PATIENCE)
        .until(() -> fixture.services().stream().allMatch(one -> one.status().pause() != null));
    fixture.leave(3, 43);
    fixture.say(Verb.TRIP_GUARD, List.of(), "checked");
    fixture.stop(first);
    deploy(3);

    fixture.say(Verb.RESUME, List.of(), "checked");

    assertThat(fixture.outcomes(43, "held")).hasSize(40);
    assertThat(touched()).hasSize(3);
  }

  @Test
  @DisplayName("does not count what has nothing to delete")
  void nothingToDelete() {
    deploy(1);
    List<ProducerRecord<byte[], byte[]>> strangers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String email = "stranger" + i + "@example.com";
      fixture.sandbox().addPerson(email);
      strangers.add(fixture.leaves(email));
    }
    fixture.company().topics().publish(strangers);
    assertThat(fixture.outcomes(40, "nothing_to_revoke")).hasSize(40);
    fixture.leave(0, LIMIT);
    assertThat(fixture.outcomes(40 + LIMIT, "revoked")).hasSize(LIMIT);
  }

  @Test
  @DisplayName("stands beside holds for what is old, and for decommissions")
  void holds() {
    PolicySettings usual = PolicySettings.defaults();
    fixture.deploy(
        fixture.settings().toBuilder()
            .policy(
                new PolicySettings(
                    usual.timing(),
                    List.of(),
                    null,
                    usual.mode(),
                    new HoldSettings(Duration.ofDays(7), true)))
            .build());
    fixture.person("ann@example.com");
    Instant longAgo = Instant.now().minus(Duration.ofDays(8));
    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            event(
                "old",
                "user-terminated",
                Map.of("personEmail", "ann@example.com", "effectiveAt", longAgo.toString())));
    fixture
        .company()
        .publish(
            fixture.company().decommissioned(),
            event(
                "app",
                "app-decommissioned",
                Map.of("clientId", "C123", "orgId", fixture.sandbox().orgId())));

    fixture.company().topics().publish(List.of(replayed("bob@example.com", longAgo)));

    List<JsonNode> held = fixture.outcomes(3, "held");

    assertThat(held.stream().map(one -> one.path("decision").path("code").asText()))
        .containsExactlyInAnyOrder("stale", "stale", "needs_approval");
    assertThat(fixture.sandbox().deletions()).isEmpty();
  }

  /** What Kafka took in long ago does not become new by being published once more. */
  private ProducerRecord<byte[], byte[]> replayed(String address, Instant first) {
    fixture.person(address);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            fixture.company().terminated(),
            null,
            event("again", "user-terminated", Map.of("personEmail", address))
                .toString()
                .getBytes(UTF_8));
    record
        .headers()
        .add("__offboarder.first-arrived", Long.toString(first.toEpochMilli()).getBytes(UTF_8));
    return record;
  }

  private OffboardingVerticle deploy(int instance) {
    ServiceSettings usual = fixture.company().service(fixture.sandbox(), Map.of(), instance);
    return fixture.deploy(usual.toBuilder().guard(BOUNDS).build());
  }

  private Set<String> touched() {
    Set<String> people = new HashSet<>();
    fixture.sandbox().deletions().forEach(one -> people.add(one.authorization().personId()));
    return people;
  }
}
