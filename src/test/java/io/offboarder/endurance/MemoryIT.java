package io.offboarder.endurance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.Fault;
import io.offboarder.sandbox.Fault.Effect;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.testing.BrokerProcess;
import io.offboarder.testing.Company;
import io.offboarder.testing.JarProcess;
import io.offboarder.testing.Report;
import io.offboarder.testing.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The built jar with {@code -Xmx256m}, as every {@link JarProcess}. Takes minutes, so only {@code
 * mvn -Pproof verify} runs it.
 */
@EnabledIfSystemProperty(named = "offboarder.memory.backlog", matches = "\\d+")
@DisplayName("The built jar, in a heap of 256 MiB,")
class MemoryIT {
  private static final int BACKLOG = Integer.getInteger("offboarder.memory.backlog", 5_000);
  private static final int CHURN = Integer.getInteger("offboarder.memory.churn", 2_000);
  private static final Duration LONG =
      Duration.ofMinutes(Integer.getInteger("offboarder.memory.minutes", 4));

  /** What a JVM that still loads classes and fills its buffers may grow by. */
  private static final double SOME_MIB = 12;

  private static final int PEOPLE = 1_000;
  private static final int WAVES = 8;

  private BrokerProcess broker;
  private Service service;

  @BeforeEach
  void start() {
    broker = BrokerProcess.start();
    service = new Service(Company.on(broker.bootstrapServers(), "memory"), Duration.ZERO);
  }

  @AfterEach
  void stop() {
    service.close();
    broker.close();
  }

  @Test
  @DisplayName("works a backlog off without growing")
  void backlog() {
    List<SandboxPerson> people = service.hire(PEOPLE);
    publish(people);
    long began = System.nanoTime();
    JarProcess process = service.run("one");
    // The first event of a person takes two lists, each later one finds nothing and takes one.
    int lists = BACKLOG + Math.min(PEOPLE, BACKLOG);
    Heap early = heapOnceListed(process, lists / 10);
    Heap middle = heapOnceListed(process, lists / 2);
    heapOnceListed(process, lists);
    awaitCounted(BACKLOG);
    double seconds = (System.nanoTime() - began) / 1e9;
    Heap late = Heap.of(process.pid());

    Report.of("A backlog worked off with -Xmx256m")
        .row("events waiting at the start", BACKLOG)
        .row("events with exactly one outcome", BACKLOG)
        .row("events per second", BACKLOG / seconds)
        .row("live heap at 10 %, MiB", early.mebibytes())
        .row("live heap at 50 %, MiB", middle.mebibytes())
        .row("live heap at the end, MiB", late.mebibytes())
        .publish();
    assertThat(process.errors()).doesNotContain("OutOfMemoryError");
    assertThat(middle.mebibytes()).isLessThan(early.mebibytes() + SOME_MIB);
    assertThat(late.mebibytes()).isLessThan(early.mebibytes() + SOME_MIB);
  }

  private void publish(List<SandboxPerson> people) {
    List<ObjectNode> chunk = new ArrayList<>();
    for (int i = 0; i < BACKLOG; i++) {
      chunk.add(
          Company.event(
              "e" + i, "user-terminated", Map.of("personId", people.get(i % PEOPLE).id())));
      if (chunk.size() == 20_000 || i == BACKLOG - 1) {
        service.company().publish(service.company().terminated(), chunk);
        chunk.clear();
      }
    }
  }

  private Heap heapOnceListed(JarProcess process, int lists) {
    await()
        .atMost(LONG)
        .until(() -> !process.isAlive() || service.sandbox().requests(Operation.LIST) >= lists);
    assertThat(process.isAlive()).as(process.errors()).isTrue();
    return Heap.of(process.pid());
  }

  private void awaitCounted(int events) {
    OutcomeCount count = new OutcomeCount();
    service
        .company()
        .topics()
        .eachCommitted(
            service.company().outcomes(), count::add, () -> count.records() >= events, LONG);
    assertThat(count.second()).as("second outcomes").isZero();
    assertThat(count.records()).isEqualTo(events);
  }

  @Test
  @DisplayName("keeps nothing of what came and went in a day")
  void churn() {
    JarProcess process = service.run("one");
    int perWave = CHURN / WAVES;
    Heap before = null;
    for (int wave = 0; wave < WAVES; wave++) {
      if (wave == WAVES / 4) {
        before = Heap.of(process.pid());
      }
      disturb(wave);
      JarProcess other = wave % 2 == 1 ? service.run("other") : null;
      service.company().publish(service.company().terminated(), day(wave, perWave));
      if (other != null) {
        await().atMost(LONG).until(() -> other.errors().contains("more partitions"));
        assertThat(other.terminate(Duration.ofSeconds(60))).isZero();
      }
      service.sandbox().clearFaults();
      int soFar = (wave + 1) * perWave;
      awaitCounted(soFar);
    }
    Heap after = Heap.of(process.pid());
    int between = CHURN - CHURN / 4;

    Report.of("A day's churn")
        .row("events between the two looks", between)
        .row("live heap before, MiB", before.mebibytes())
        .row("live heap after, MiB", after.mebibytes())
        .text(after.tableSince(before))
        .publish();
    // One object kept for each event would be as many as events; one for each fourth is too many.
    assertThat(after.growthSince(before))
        .allSatisfy(
            (type, growth) -> assertThat(growth).as(type).isLessThan(Math.max(500, between / 4)));
    assertThat(after.growthSince(before).entrySet())
        .filteredOn(one -> one.getKey().startsWith("io.offboarder."))
        .allSatisfy(one -> assertThat(one.getValue()).as(one.getKey()).isLessThan(50));
    assertThat(after.mebibytes()).isLessThan(before.mebibytes() + SOME_MIB);
  }

  /** What happens now and then in a day. */
  private void disturb(int wave) {
    switch (wave % 4) {
      case 0 -> service.sandbox().script(Fault.of(Effect.Status.of(503)).times(20));
      case 1 -> service.sandbox().script(Fault.of(Effect.Status.of(429).retryAfter("1")).times(5));
      case 2 -> service.sandbox().script(Fault.of(new Effect.Drop()).withProbability(0.05));
      default -> service.sandbox().script(Fault.of(new Effect.LoseAnswer()).withProbability(0.05));
    }
  }

  /** Leavers whom nobody has heard of before, some unknown to the API, some events no events. */
  private List<ObjectNode> day(int wave, int count) {
    List<ObjectNode> events = new ArrayList<>(service.leavers(count * 8 / 10));
    while (events.size() < count) {
      String id = "odd-" + wave + "-" + events.size();
      events.add(
          events.size() % 2 == 0
              ? Company.event(id, "user-terminated", Map.of("personEmail", id + "@example.com"))
              : Company.event(id, "user-promoted", Map.of("personEmail", id + "@example.com")));
    }
    return events;
  }
}
