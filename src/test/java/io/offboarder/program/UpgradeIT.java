package io.offboarder.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.SandboxSettings.Latency;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.BrokerProcess;
import io.offboarder.testing.Company;
import io.offboarder.testing.JarProcess;
import io.offboarder.testing.Report;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What docs/UPGRADING.md says, with the jar of release 0.1.0, which {@code
 * -Doffboarder.upgrade.jar} names. What that jar has committed is read in every build, by {@code
 * JournalEndToEndTest}.
 */
@EnabledIfSystemProperty(named = "offboarder.upgrade.jar", matches = ".+")
@DisplayName("From the jar of 0.1.0 to today's")
class UpgradeIT {
  private static final int LEAVERS = 300;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path old = Path.of(System.getProperty("offboarder.upgrade.jar", ""));
  private final Vertx vertx = Vertx.vertx();
  private final List<JarProcess> processes = new ArrayList<>();
  private BrokerProcess broker;
  private WebexSandbox sandbox;
  private SandboxApp app;
  private Company company;
  private int people;

  @BeforeEach
  void start() {
    broker = BrokerProcess.start();
    Latency latency = new Latency(Duration.ofMillis(30), Duration.ofMillis(200));
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults().withLatency(latency)).await();
    app = sandbox.newApp("Slides");
    company = Company.on(broker.bootstrapServers(), "upgrade");
  }

  @AfterEach
  void stop() {
    processes.forEach(JarProcess::close);
    vertx.close().await();
    broker.close();
  }

  @Test
  @DisplayName("and back, with a kill -9 in between, each event has one final outcome")
  void upAndBack() throws Exception {
    terminate(LEAVERS);
    JarProcess killed = runOld();
    awaitFinal(40);
    killed.kill();
    Map<TopicPartition, OffsetAndMetadata> left = offsets();
    int before = finals().size();
    assertThat(left.values()).anyMatch(offset -> offset.metadata().startsWith("O1"));
    assertThat(before).isLessThan(LEAVERS);

    JarProcess today = runToday(Map.of());
    assertThat(awaitFinal(LEAVERS)).hasSize(LEAVERS);
    assertThat(sandbox.live()).isEmpty();
    Instant due = Instant.now().plusSeconds(3);
    SandboxPerson ann = hire();
    ObjectNode event =
        Company.event(
            "ann", "user-terminated", Map.of("personId", ann.id(), "effectiveAt", due.toString()));
    company.publish(company.terminated(), event);
    assertThat(awaitFinal(LEAVERS + 1)).hasSize(LEAVERS + 1);
    assertThat(sandbox.deletions().get(sandbox.deletions().size() - 1).deletedAt())
        .isAfterOrEqualTo(due);
    assertThat(today.terminate(PATIENCE)).as(today.errors()).isZero();

    // Back, as the page says: once without a journal, then the old one.
    JarProcess without = runToday(Map.of("OFFBOARDER_JOURNAL_ENABLED", "false"));
    terminate(20);
    assertThat(awaitFinal(LEAVERS + 21)).hasSize(LEAVERS + 21);
    assertThat(without.terminate(PATIENCE)).as(without.errors()).isZero();
    JarProcess back = runOld();
    terminate(20);
    assertThat(awaitFinal(LEAVERS + 41)).hasSize(LEAVERS + 41);
    assertThat(back.terminate(PATIENCE)).as(back.errors()).isZero();
    assertThat(finals()).hasSize(LEAVERS + 41);
    assertThat(sandbox.live()).isEmpty();

    Report report =
        Report.of("From 0.1.0 to today's jar and back")
            .row("events", LEAVERS + 41)
            .row("outcomes of 0.1.0 at its kill", before)
            .row("final outcomes, none twice", LEAVERS + 41);
    left.forEach(
        (id, offset) -> report.row(id.toString(), offset.offset() + " " + offset.metadata()));
    report.publish();
  }

  private void terminate(int count) {
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SandboxPerson person = hire();
      events.add(
          Company.event("e-" + person.email(), "user-terminated", Map.of("personId", person.id())));
    }
    company.publish(company.terminated(), events);
  }

  private SandboxPerson hire() {
    SandboxPerson person = sandbox.addPerson("person" + people++ + "@example.com");
    sandbox.authorize(person, app, 1);
    return person;
  }

  private JarProcess runOld() {
    Map<String, String> environment = environment();
    environment
        .keySet()
        .removeIf(key -> key.matches(".*_(CASE|COMMAND|JOURNAL)_TOPIC|OFFBOARDER_POLICY_.*"));
    return started(JarProcess.startOther(old, environment, "run"));
  }

  private JarProcess runToday(Map<String, String> extra) {
    Map<String, String> environment = environment();
    environment.putAll(extra);
    return started(JarProcess.start(environment, "run"));
  }

  private JarProcess started(JarProcess process) {
    processes.add(process);
    return process;
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(company.environment());
    environment.put("OFFBOARDER_INSTANCE_ID", "one");
    environment.put("OFFBOARDER_HTTP_PORT", "0");
    environment.put("OFFBOARDER_WEBEX_BASE_URL", sandbox.baseUrl().toString());
    environment.put(
        "OFFBOARDER_WEBEX_ACCESS_TOKEN", sandbox.settings().credentials().accessToken());
    return environment;
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Map<TopicPartition, OffsetAndMetadata> sorted =
          new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
      sorted.putAll(
          admin.listConsumerGroupOffsets("upgrade").partitionsToOffsetAndMetadata().get());
      return sorted;
    }
  }

  /** Final outcomes by the record that they are of; those of 0.1.0 do not say that they are. */
  private Map<String, JsonNode> finals() {
    Map<String, JsonNode> finals = new HashMap<>();
    company
        .topics()
        .committed(company.outcomes())
        .forEach(
            record -> {
              JsonNode outcome = Company.json(record.value());
              JsonNode event = outcome.path("event");
              String position =
                  event.path("topic").asText()
                      + event.path("partition")
                      + "@"
                      + event.path("offset");
              if (outcome.path("final").asBoolean(true)) {
                assertThat(finals.put(position, outcome)).as(position).isNull();
              }
            });
    return finals;
  }

  private Map<String, JsonNode> awaitFinal(int count) {
    company
        .topics()
        .committed(
            company.outcomes(),
            all ->
                all.stream()
                        .filter(one -> Company.json(one.value()).path("final").asBoolean(true))
                        .count()
                    >= count,
            PATIENCE);
    return finals();
  }
}
