package io.offboarder.service;

import static io.offboarder.testing.Company.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.commands.CommandFormat;
import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.guard.GuardSettings;
import io.offboarder.policy.PolicySettings;
import io.offboarder.policy.PolicySettings.HoldSettings;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Schemas;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The guard, over a whole group,")
class GuardEndToEndTest {
  private static final AtomicInteger COMPANIES = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LIMIT = 15;
  private static final GuardSettings BOUNDS =
      new GuardSettings(LIMIT, 1, Duration.ofHours(1), false);
  private static EmbeddedBroker broker;

  private final List<OffboardingVerticle> services = new ArrayList<>();
  private Vertx vertx;
  private WebexSandbox sandbox;
  private SandboxApp app;
  private Company company;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
    app = sandbox.newApp("Slides");
    company = Company.on(broker.bootstrapServers(), "guard-" + COMPANIES.incrementAndGet(), 12);
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  @DisplayName("lets as many people be touched as its limit says, and holds all others")
  void exactly() {
    deploy(1);
    deploy(2);
    deploy(3);
    leave(0, 80);

    List<JsonNode> outcomes = awaitOutcomes(80);

    assertThat(touched()).hasSize(LIMIT);
    assertThat(statuses(outcomes, "revoked")).hasSize(LIMIT);
    List<JsonNode> held = statuses(outcomes, "held");
    assertThat(held).hasSize(80 - LIMIT);
    assertThat(held)
        .allSatisfy(one -> assertThat(one.path("final").asBoolean()).isFalse())
        .allSatisfy(
            one -> assertThat(one.path("decision").path("code").asText()).isEqualTo("guard"));
  }

  @Test
  @DisplayName("counts on when instances come and go in the middle")
  void throughChanges() {
    String first = deploy(1);
    deploy(2);
    leave(0, 10);
    awaitOutcomes(10);
    leave(10, 80);
    await().atMost(PATIENCE).until(() -> touched().size() > 11);
    vertx.undeploy(first).await();
    deploy(3);

    assertThat(statuses(awaitOutcomes(80), "held")).hasSize(80 - LIMIT);
    assertThat(touched()).hasSize(LIMIT);

    // One that knows nothing yet holds what still comes.
    deploy(4);
    leave(80, 90);
    assertThat(statuses(awaitOutcomes(90), "held")).hasSize(90 - LIMIT);
  }

  @Test
  @DisplayName("lets go what a person releases, each to one end, and begins again when it is reset")
  void byHand() {
    deploy(1);
    deploy(2);
    leave(0, 30);
    List<JsonNode> held = statuses(awaitOutcomes(30), "held");
    assertThat(held).hasSize(30 - LIMIT);
    List<String> cases = held.stream().map(one -> one.path("caseId").asText()).toList();

    say(Verb.RELEASE, cases.subList(0, 10));
    say(Verb.DISCARD, cases.subList(10, cases.size()));

    List<JsonNode> outcomes = awaitOutcomes(30 + cases.size());
    List<JsonNode> ends = outcomes.stream().filter(one -> one.path("final").asBoolean()).toList();
    assertThat(ends.stream().map(one -> one.path("caseId").asText())).doesNotHaveDuplicates();
    assertThat(ends).hasSize(30);
    assertThat(statuses(ends, "revoked")).hasSize(LIMIT + 10);
    assertThat(statuses(ends, "discarded")).hasSize(cases.size() - 10);
    assertThat(touched()).hasSize(LIMIT + 10);
    JsonNode released =
        statuses(ends, "revoked").stream()
            .filter(one -> cases.contains(one.path("caseId").asText()))
            .findFirst()
            .orElseThrow();
    assertThat(released.path("notes").toString()).contains("released by ann: checked");

    // Who comes next is still held, until the guard is reset.
    leave(30, 31);
    assertThat(statuses(awaitOutcomes(31 + cases.size()), "held")).hasSize(cases.size() + 1);
    say(Verb.RESET_GUARD, List.of());
    deploy(3);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> services.stream().noneMatch(one -> one.status().guard().isTripped()));
    leave(31, 31 + LIMIT + 2);
    List<JsonNode> all = awaitOutcomes(31 + cases.size() + LIMIT + 2);
    assertThat(statuses(all, "revoked")).hasSize(LIMIT + 10 + LIMIT);
    assertThat(statuses(all, "held")).hasSize(cases.size() + 1 + 2);
  }

  @Test
  @DisplayName("holds all that came into a pause once a person trips it, also over restarts")
  void trippedByHand() {
    String first = deploy(1);
    deploy(2);
    leave(0, 3);
    awaitOutcomes(3);
    say(Verb.PAUSE, List.of());
    await()
        .atMost(PATIENCE)
        .until(() -> services.stream().allMatch(one -> one.status().pause() != null));
    leave(3, 43);
    say(Verb.TRIP_GUARD, List.of());
    vertx.undeploy(first).await();
    deploy(3);

    say(Verb.RESUME, List.of());

    assertThat(statuses(awaitOutcomes(43), "held")).hasSize(40);
    assertThat(touched()).hasSize(3);
  }

  private void say(Verb verb, List<String> cases) {
    PersonsCommand command =
        new PersonsCommand(
            UUID.randomUUID().toString(),
            verb,
            cases,
            null,
            null,
            "ann",
            "checked with HR",
            Instant.now());
    company.topics().publish(company.commands(), List.of(new CommandFormat().write(command)));
  }

  @Test
  @DisplayName("does not count what has nothing to delete")
  void nothingToDelete() {
    deploy(1);
    List<ProducerRecord<byte[], byte[]>> strangers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String email = "stranger" + i + "@example.com";
      sandbox.addPerson(email);
      strangers.add(record(email));
    }
    company.topics().publish(strangers);
    assertThat(statuses(awaitOutcomes(40), "nothing_to_revoke")).hasSize(40);
    leave(0, LIMIT);
    assertThat(statuses(awaitOutcomes(40 + LIMIT), "revoked")).hasSize(LIMIT);
  }

  @Test
  @DisplayName("stands beside holds for what is old, and for decommissions")
  void holds() {
    PolicySettings usual = PolicySettings.defaults();
    deploy(
        company
            .service(sandbox, Map.of())
            .with(
                new PolicySettings(
                    usual.timing(),
                    List.of(),
                    null,
                    usual.mode(),
                    new HoldSettings(Duration.ofDays(7), true))));
    person("ann@example.com");
    Instant longAgo = Instant.now().minus(Duration.ofDays(8));
    company.publish(
        company.terminated(),
        event(
            "old",
            "user-terminated",
            Map.of("personEmail", "ann@example.com", "effectiveAt", longAgo.toString())));
    company.publish(
        company.decommissioned(),
        event("app", "app-decommissioned", Map.of("clientId", "C123", "orgId", sandbox.orgId())));

    List<JsonNode> held = statuses(awaitOutcomes(2), "held");

    assertThat(held.stream().map(one -> one.path("decision").path("code").asText()))
        .containsExactlyInAnyOrder("stale", "needs_approval");
    assertThat(sandbox.deletions()).isEmpty();
  }

  private String deploy(int instance) {
    return deploy(company.service(sandbox, Map.of(), instance).with(BOUNDS));
  }

  private String deploy(ServiceSettings settings) {
    OffboardingVerticle service = new OffboardingVerticle(settings);
    services.add(service);
    return vertx.deployVerticle(service).await();
  }

  private void leave(int from, int to) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      person("leaver" + i + "@example.com");
      records.add(record("leaver" + i + "@example.com"));
    }
    company.topics().publish(records);
  }

  private ProducerRecord<byte[], byte[]> record(String email) {
    byte[] event =
        event("of " + email, "user-terminated", Map.of("personEmail", email))
            .toString()
            .getBytes(UTF_8);
    return new ProducerRecord<>(company.terminated(), email.getBytes(UTF_8), event);
  }

  private void person(String email) {
    sandbox.authorize(sandbox.addPerson(email), app, 1);
  }

  private Set<String> touched() {
    Set<String> people = new HashSet<>();
    sandbox.deletions().forEach(one -> people.add(one.authorization().personId()));
    return people;
  }

  private List<JsonNode> awaitOutcomes(int count) {
    return company
        .topics()
        .committed(company.outcomes(), records -> records.size() >= count, PATIENCE)
        .stream()
        .peek(record -> Schemas.assertValidOutcome(record.value()))
        .map(record -> Company.json(record.value()))
        .toList();
  }

  private static List<JsonNode> statuses(List<JsonNode> outcomes, String status) {
    return outcomes.stream().filter(one -> one.path("status").asText().equals(status)).toList();
  }
}
