package io.offboarder.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.testing.BrokerProcess;
import io.offboarder.testing.Company;
import io.offboarder.testing.JarProcess;
import io.offboarder.testing.Report;
import io.offboarder.testing.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Kills instances of the built jar with a stopwatch: from the kill until the outcome of each event
 * of the killed one's partitions can be read.
 *
 * <p>{@code -Doffboarder.takeover.rounds} is how often in each situation (1), {@code
 * -Doffboarder.takeover.rate} how many events come in a second (20).
 */
@DisplayName("After kill -9 of an instance")
class TakeoverIT {
  private static final int ROUNDS = Integer.getInteger("offboarder.takeover.rounds", 1);
  private static final int RATE = Integer.getInteger("offboarder.takeover.rate", 20);
  private static final Duration LONGEST = Duration.ofSeconds(9);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int PARTITIONS = 12;

  private final Map<String, JarProcess> instances = new HashMap<>();
  private BrokerProcess broker;
  private Company company;
  private Service service;
  private Admin admin;

  private enum Afterwards {
    COMES_BACK,
    STAYS_AWAY
  }

  @BeforeEach
  void startKafka() {
    broker = BrokerProcess.start();
    company = Company.on(broker.bootstrapServers(), "takeover", PARTITIONS);
    service = new Service(company, Duration.ofMillis(25));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterEach
  void stopAll() {
    admin.close();
    service.close();
    broker.close();
  }

  @Test
  @DisplayName("that comes back at once, its partitions' events have their outcomes within 9 s")
  void comesBack() throws Exception {
    measure(Afterwards.COMES_BACK);
  }

  @Test
  @DisplayName("that never comes back, its partitions' events have their outcomes within 9 s")
  void staysAway() throws Exception {
    measure(Afterwards.STAYS_AWAY);
  }

  @Test
  @DisplayName("a restart of the broker does not make it look alive to its successor")
  void brokerRestarts() {
    start("one");
    awaitMembers(1);
    instances.get("one").kill();
    broker.kill();
    broker.restart();
    broker.awaitServing(PATIENCE);
    start("one");

    service.terminate(3);

    assertThat(company.awaitOutcomes(3)).hasSize(3);
    assertThat(instances.get("one").isAlive()).isTrue();
  }

  private void measure(Afterwards afterwards) throws Exception {
    Report report = Report.of("From kill -9 to the outcomes, " + afterwards);
    List<Long> all = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      start("one");
      start("two");
      start("three");
      awaitMembers(3);
      Iterator<SandboxPerson> people = service.hire(RATE * 40).iterator();
      try (LatencyProbe probe = new LatencyProbe(company, RATE, () -> leaver(people.next()))) {
        probe.awaitPublished(5 * RATE, PATIENCE);
        Set<TopicPartition> theirs = partitions("two");
        assertThat(theirs).hasSize(2 * PARTITIONS / 3);
        instances.get("two").kill();
        long kill = System.nanoTime();
        if (afterwards == Afterwards.COMES_BACK) {
          start("two");
        }
        probe.awaitPublished(10 * RATE, PATIENCE);
        probe.finish(PATIENCE);
        assertThat(probe.faults()).isEmpty();
        all.addAll(probe.waits(kill, theirs));
      }
      awaitMembers(afterwards == Afterwards.COMES_BACK ? 3 : 2);
    }
    all.sort(null);
    report
        .row("kills, of one of three instances", ROUNDS)
        .row("events a second", RATE)
        .row("events of its partitions", all.size())
        .row("median wait, ms", all.get(all.size() / 2))
        .row("90 %, ms", all.get(all.size() * 9 / 10))
        .row("99 %, ms", all.get(all.size() * 99 / 100))
        .row("longest, ms", all.get(all.size() - 1))
        .publish();
    assertThat(all.get(all.size() - 1)).as("the longest").isLessThan(LONGEST.toMillis());
  }

  private void start(String instance) {
    JarProcess running = instances.get(instance);
    if (running == null || !running.isAlive()) {
      instances.put(instance, service.run(instance));
    }
  }

  private static ObjectNode leaver(SandboxPerson person) {
    return Company.event("e-" + person.email(), "user-terminated", Map.of("personId", person.id()));
  }

  private void awaitMembers(int count) {
    Awaitility.await("all instances have partitions")
        .atMost(PATIENCE)
        .until(
            () ->
                members().stream()
                        .filter(member -> !member.assignment().topicPartitions().isEmpty())
                        .count()
                    == count);
  }

  private Set<TopicPartition> partitions(String instance) throws Exception {
    return members().stream()
        .filter(member -> member.clientId().equals(instance))
        .findFirst()
        .orElseThrow()
        .assignment()
        .topicPartitions();
  }

  private List<MemberDescription> members() throws InterruptedException {
    String group = company.environment().get("OFFBOARDER_KAFKA_GROUP_ID");
    try {
      return List.copyOf(
          admin.describeConsumerGroups(List.of(group)).all().get().get(group).members());
    } catch (ExecutionException noGroupYet) {
      return List.of();
    }
  }
}
