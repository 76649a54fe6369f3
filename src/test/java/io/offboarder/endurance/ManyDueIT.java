package io.offboarder.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.testing.BrokerProcess;
import io.offboarder.testing.Company;
import io.offboarder.testing.JarProcess;
import io.offboarder.testing.Report;
import io.offboarder.testing.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The built jar with {@code -Xmx256m} when thousands of cases fall due at once. Takes minutes, so
 * only {@code mvn -Pproof verify} runs it.
 */
@EnabledIfSystemProperty(named = "offboarder.due.cases", matches = "\\d+")
@DisplayName("The built jar, when thousands of cases fall due in the same second,")
class ManyDueIT {
  private static final int CASES = Integer.getInteger("offboarder.due.cases", 1_000);
  private static final int DECOMMISSIONS = CASES / 10;
  private static final int EMERGENCIES = 20;
  private static final int PARTITIONS = 12;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private BrokerProcess broker;
  private Service service;
  private Company company;

  @BeforeEach
  void start() {
    broker = BrokerProcess.start();
    company = Company.on(broker.bootstrapServers(), "due", PARTITIONS);
    service = new Service(company, Duration.ofMillis(20));
  }

  @AfterEach
  void stop() {
    service.close();
    broker.close();
  }

  private record End(String type, int partition, Instant due, Instant at) {}

  @Test
  @DisplayName("does them at the API's pace, people before apps, and emergencies before both")
  void dueAtOnce() throws Exception {
    Instant due = Instant.now().plusSeconds(30 + CASES / 100);
    company.publish(company.terminated(), leavers(due));
    company.publish(company.decommissioned(), retired(due));
    JarProcess process = service.run("one");
    await("scheduled", CASES);
    assertThat(Instant.now()).as("all waits before it is due").isBefore(due);
    Duration processorBefore = processor(process);

    Awaitility.await().atMost(PATIENCE).until(() -> Instant.now().isAfter(due.plusMillis(500)));
    for (ObjectNode emergency : service.leavers(EMERGENCIES)) {
      company.publish(company.terminated(), emergency);
    }
    List<End> ends = ends(await("final", CASES + EMERGENCIES));

    List<End> people = of(ends, "user-terminated", due);
    List<End> apps = of(ends, "app-decommissioned", due);
    List<End> emergencies = ends.stream().filter(end -> end.due() == null).toList();
    assertThat(people).hasSize(CASES - DECOMMISSIONS);
    assertThat(apps).hasSize(DECOMMISSIONS);
    assertThat(emergencies).hasSize(EMERGENCIES);
    Instant half = people.get(people.size() / 2).at();
    long fewest = fewestDone(people, half);
    Duration all = Duration.between(due, ends.get(ends.size() - 1).at());
    Duration emergency = Duration.between(due, emergencies.get(EMERGENCIES - 1).at());
    long early = apps.stream().filter(app -> app.at().isBefore(half)).count();
    Report.of(CASES + " cases due in the same second")
        .row("until all were done, ms", all.toMillis())
        .row("a second", CASES * 1_000L / all.toMillis())
        .row("processor time, ms", processor(process).minus(processorBefore).toMillis())
        .row("until 20 emergencies were done, ms", emergency.toMillis())
        .row("first person done after, ms", Duration.between(due, people.get(0).at()).toMillis())
        .row("apps done before half of the people", early)
        .row("fewest of a partition's when half were done, %", fewest)
        .publish();
    assertThat(people).allMatch(end -> !end.at().isBefore(due));
    assertThat(emergency).isLessThan(all.dividedBy(2));
    assertThat(early).isZero();
    assertThat(fewest).as("of each partition, %").isGreaterThan(25);
    assertThat(process.errors()).doesNotContain("OutOfMemoryError");
  }

  private List<ObjectNode> leavers(Instant due) {
    List<ObjectNode> events = new ArrayList<>();
    for (SandboxPerson person : service.hire(CASES - DECOMMISSIONS)) {
      events.add(
          Company.event(
              "e-" + person.email(),
              "user-terminated",
              Map.of("personId", person.id(), "effectiveAt", due.toString())));
    }
    return events;
  }

  private List<ObjectNode> retired(Instant due) {
    SandboxPerson user = service.hire(1).get(0);
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < DECOMMISSIONS; i++) {
      SandboxApp app = service.sandbox().newApp("App " + i);
      service.sandbox().authorize(user, app, 0);
      events.add(
          Company.event(
              "app-" + i,
              "app-decommissioned",
              Map.of(
                  "clientId",
                  app.clientId(),
                  "orgId",
                  user.orgId(),
                  "effectiveAt",
                  due.toString())));
    }
    return events;
  }

  private List<JsonNode> await(String what, int count) {
    List<JsonNode> found = new ArrayList<>();
    company
        .topics()
        .eachCommitted(
            company.outcomes(),
            (ConsumerRecord<byte[], byte[]> record) -> {
              JsonNode outcome = Company.json(record.value());
              boolean isWanted =
                  what.equals("final")
                      ? outcome.path("final").asBoolean()
                      : outcome.path("status").asText().equals(what);
              if (isWanted) {
                found.add(outcome);
              }
            },
            () -> found.size() >= count,
            PATIENCE);
    assertThat(found).hasSize(count);
    return found;
  }

  /** In the order of their ends. */
  private static List<End> ends(List<JsonNode> outcomes) {
    return outcomes.stream()
        .map(
            outcome -> {
              JsonNode timing = outcome.path("timing");
              JsonNode event = outcome.path("event");
              return new End(
                  event.path("type").asText(),
                  event.path("partition").asInt(),
                  timing.path("dueAt").isTextual()
                      ? Instant.parse(timing.path("dueAt").asText())
                      : null,
                  Instant.parse(timing.path("completedAt").asText()));
            })
        .sorted((a, b) -> a.at().compareTo(b.at()))
        .toList();
  }

  private static List<End> of(List<End> ends, String type, Instant due) {
    return ends.stream().filter(end -> end.type().equals(type) && due.equals(end.due())).toList();
  }

  /** Of the partition of which the smallest part was done by then, how many of a hundred. */
  private static long fewestDone(List<End> people, Instant by) {
    long fewest = 100;
    for (int partition = 0; partition < PARTITIONS; partition++) {
      int one = partition;
      List<End> its = people.stream().filter(end -> end.partition() == one).toList();
      long done = its.stream().filter(end -> !end.at().isAfter(by)).count();
      fewest = Math.min(fewest, 100 * done / Math.max(1, its.size()));
    }
    return fewest;
  }

  private static Duration processor(JarProcess process) {
    return ProcessHandle.of(process.pid()).orElseThrow().info().totalCpuDuration().orElseThrow();
  }
}
