package io.offboarder.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.testing.BrokerProcess;
import io.offboarder.testing.Company;
import io.offboarder.testing.JarProcess;
import io.offboarder.testing.Report;
import io.offboarder.testing.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The built jar as three processes, of which one is killed and one joins while everybody leaves at
 * once.
 *
 * <p>{@code -Doffboarder.mass.events} is how many leave (3,000), {@code -Doffboarder.mass.limit}
 * how many the guard allows (500).
 */
@DisplayName("A wrong mass termination")
class MassTerminationIT {
  private static final int EVENTS = Integer.getInteger("offboarder.mass.events", 3_000);
  private static final int LIMIT = Integer.getInteger("offboarder.mass.limit", 500);
  private static final int PARTITIONS = 12;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private BrokerProcess broker;
  private Company company;
  private Service service;
  private Admin admin;

  @BeforeEach
  void startKafka() {
    broker = BrokerProcess.start();
    company = Company.on(broker.bootstrapServers(), "mass", PARTITIONS);
    service = new Service(company, Duration.ofMillis(10));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterEach
  void stopAll() {
    admin.close();
    service.close();
    broker.close();
  }

  @Test
  @DisplayName(
      "touches exactly as many as the guard allows, with an instance killed and one added in the"
          + " middle, holds all others, and all are done once they are released")
  void exactly() {
    JarProcess first = run("one");
    run("two");
    run("three");
    awaitMembers(3);
    Instant began = Instant.now();
    service.terminate(EVENTS);
    await().atMost(PATIENCE).until(() -> touched().size() > LIMIT / 4);
    int touchedAtKill = touched().size();
    first.kill();
    run("four");

    List<JsonNode> outcomes = outcomes(EVENTS);
    Duration held = Duration.between(began, Instant.now());

    assertThat(touched()).hasSize(LIMIT);
    assertThat(ofStatus(outcomes, "revoked")).hasSize(LIMIT);
    assertThat(ofStatus(outcomes, "held")).hasSize(EVENTS - LIMIT);
    assertThat(caseIds(outcomes)).hasSize(EVENTS).doesNotHaveDuplicates();

    Instant releasing = Instant.now();
    release();
    List<JsonNode> all = outcomes(EVENTS + EVENTS - LIMIT);
    Duration released = Duration.between(releasing, Instant.now());

    List<JsonNode> ends = all.stream().filter(one -> one.path("final").asBoolean()).toList();
    assertThat(caseIds(ends)).hasSize(EVENTS).doesNotHaveDuplicates();
    assertThat(ofStatus(ends, "revoked")).hasSize(EVENTS);
    assertThat(all).hasSize(EVENTS + EVENTS - LIMIT);
    assertThat(touched()).hasSize(EVENTS);
    assertThat(service.sandbox().live()).isEmpty();
    Report.of("A wrong mass termination")
        .row("events, at once, on " + PARTITIONS + " partitions", EVENTS)
        .row("the guard's limit", LIMIT)
        .row("people touched when an instance was killed", touchedAtKill)
        .row("people touched before somebody released the others", LIMIT)
        .row("held", EVENTS - LIMIT)
        .row("from the first event to the last held, ms", held.toMillis())
        .row("from the release to the last outcome, ms", released.toMillis())
        .publish();
  }

  private JarProcess run(String instance) {
    return service.run(instance, settings());
  }

  /** Second looks would add outcomes to a run that takes longer than five minutes. */
  private static Map<String, String> settings() {
    return Map.of(
        "OFFBOARDER_POLICY_GUARD_TERMINATIONS",
        Integer.toString(LIMIT),
        "OFFBOARDER_POLICY_SECOND_LOOKS",
        "none");
  }

  private void release() {
    String[] words = {"case", "release", "--all", "--reason", "checked with HR", "-o", "json"};
    // What is committed shows on the cases' topic when that topic's broker knows of it.
    await()
        .atMost(PATIENCE)
        .until(() -> said(words).path("cases").size(), count -> count == EVENTS - LIMIT);
    List<String> approving = new ArrayList<>(List.of(words));
    approving.add("--approve");
    approving.add(said(words).path("digest").asText());
    try (JarProcess release =
        JarProcess.start(company.environment(), approving.toArray(String[]::new))) {
      assertThat(release.awaitExit(PATIENCE)).as("%s", release.errors()).isZero();
    }
  }

  private JsonNode said(String... words) {
    try (JarProcess plan = JarProcess.start(company.environment(), words)) {
      assertThat(plan.awaitExit(PATIENCE)).as("%s", plan.errors()).isZero();
      return Company.json(plan.output().getBytes(UTF_8));
    }
  }

  private Set<String> touched() {
    Set<String> people = new HashSet<>();
    service.sandbox().deletions().forEach(one -> people.add(one.authorization().personId()));
    return people;
  }

  private List<JsonNode> outcomes(int count) {
    return company
        .topics()
        .committed(company.outcomes(), all -> all.size() >= count, PATIENCE)
        .stream()
        .map(record -> Company.json(record.value()))
        .toList();
  }

  private static List<JsonNode> ofStatus(List<JsonNode> outcomes, String status) {
    return outcomes.stream().filter(one -> one.path("status").asText().equals(status)).toList();
  }

  private static List<String> caseIds(List<JsonNode> outcomes) {
    return outcomes.stream().map(one -> one.path("caseId").asText()).toList();
  }

  private void awaitMembers(int count) {
    String group = company.environment().get("OFFBOARDER_KAFKA_GROUP_ID");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              ConsumerGroupDescription seen =
                  admin.describeConsumerGroups(List.of(group)).all().get().get(group);
              return seen.members().stream()
                      .filter(one -> !one.assignment().topicPartitions().isEmpty())
                      .count()
                  == count;
            });
  }
}
