package io.offboarder.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.sandbox.Operation;
import io.offboarder.testing.BrokerProcess;
import io.offboarder.testing.Company;
import io.offboarder.testing.JarProcess;
import io.offboarder.testing.Report;
import io.offboarder.testing.Service;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How long Kafka is away is the system property {@code offboarder.away-seconds}. A build, which has
 * no time for that, only sees that a stop does not wait for it; {@code mvn -Pproof verify} does the
 * rest.
 */
@DisplayName("The built jar, while Kafka is away,")
class KafkaAwayIT {
  private static final String SECONDS = "offboarder.away-seconds";
  private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger(SECONDS, 0));
  private static final Duration SOON = Duration.ofSeconds(60);

  /** On a quiet machine it is two seconds. */
  private static final Duration PROMPT = Duration.ofSeconds(6);

  private static final int LEAVERS = 40;

  private static BrokerProcess broker;
  private static int companies;

  private Service service;

  /** In which way Kafka is away. */
  enum Absence {
    /** Nobody listens. */
    KILLED {
      @Override
      void begin(BrokerProcess broker) {
        broker.kill();
      }

      @Override
      void end(BrokerProcess broker) {
        broker.restart();
      }
    },
    /** Somebody does, and does not answer. */
    FROZEN {
      @Override
      void begin(BrokerProcess broker) {
        broker.freeze();
      }

      @Override
      void end(BrokerProcess broker) {
        broker.thaw();
      }
    };

    abstract void begin(BrokerProcess broker);

    abstract void end(BrokerProcess broker);
  }

  @BeforeAll
  static void startBroker() {
    // Kafka's default, where other tests do not want to wait that long for who was killed.
    broker = BrokerProcess.start(Map.of("group.consumer.session.timeout.ms", "45000"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start() {
    // So slow that nothing is being published while the first requests are under way.
    service =
        new Service(
            Company.on(broker.bootstrapServers(), "away-" + ++companies), Duration.ofMillis(1_500));
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = SECONDS, matches = "\\d+")
  @DisplayName("waits at its start, says so, and does its work once Kafka is there")
  void atTheStart(Absence absence) {
    service.terminate(LEAVERS);
    absence.begin(broker);
    JarProcess process = service.run("one");
    await().atMost(SOON).until(() -> process.errors().contains("trying until it does"));
    stayAway(process);

    absence.end(broker);

    report("at the start, " + absence);
    assertEachRevokedOnce();
    assertThat(warnings(process)).isLessThan(2 + AWAY.toSeconds() / 10);
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = SECONDS, matches = "\\d+")
  @DisplayName("waits in the middle of its work, and repeats none of it when Kafka is back")
  void inTheMiddle(Absence absence) {
    JarProcess process = service.run("one");
    service.terminate(LEAVERS);
    await().atMost(SOON).until(() -> service.sandbox().requests(Operation.LIST) == LEAVERS);
    absence.begin(broker);
    stayAway(process);

    absence.end(broker);

    report("in the middle, " + absence);
    assertEachRevokedOnce();
    assertThat(warnings(process)).isLessThan(10 + AWAY.toSeconds() / 5);
  }

  @ParameterizedTest
  @CsvSource({"KILLED, 0", "KILLED, 40", "FROZEN, 0", "FROZEN, 40"})
  @DisplayName("stops at once, idle or busy, and leaves nothing undone for ever, nor does it twice")
  void stops(Absence absence, int leavers) {
    JarProcess process = service.run("one");
    service.terminate(leavers);
    await().atMost(SOON).until(() -> process.errors().contains("more partitions"));
    await().atMost(SOON).until(() -> service.sandbox().requests(Operation.LIST) == leavers);
    absence.begin(broker);

    long began = System.nanoTime();
    int code = process.terminate(SOON);
    Duration taken = Duration.ofNanos(System.nanoTime() - began);
    absence.end(broker);

    assertThat(taken).as(process.errors()).isLessThan(PROMPT);
    assertThat(code).as(process.errors()).isZero();
    if (leavers > 0) {
      assertThat(process.errors()).contains("done again");
      service.run("one");
      assertThat(service.company().awaitOutcomeRecords(leavers)).hasSize(leavers);
      assertThat(service.sandbox().live()).isEmpty();
    }
  }

  @Test
  @DisplayName("stops at once where it still waits for Kafka")
  void stopsAtItsStart() {
    broker.freeze();
    JarProcess process = service.run("one");
    await().atMost(SOON).until(() -> process.errors().contains("trying until it does"));

    long began = System.nanoTime();
    assertThat(process.terminate(SOON)).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMPT);
    broker.thaw();
  }

  private void report(String when) {
    Report.of("Kafka away " + when)
        .row("seconds", AWAY.toSeconds())
        .row("events", LEAVERS)
        .row("outcomes", service.company().awaitOutcomeRecords(LEAVERS).size())
        .row("deletes sent", service.sandbox().requests(Operation.DELETE))
        .row("lists sent", service.sandbox().requests(Operation.LIST))
        .publish();
  }

  private static void stayAway(JarProcess process) {
    await().during(AWAY).atMost(AWAY.plusSeconds(5)).until(process::isAlive);
  }

  private void assertEachRevokedOnce() {
    assertThat(service.company().awaitOutcomeRecords(LEAVERS))
        .hasSize(LEAVERS)
        .extracting(ConsumerRecord::value)
        .extracting(value -> Company.json(value).path("status").asText())
        .containsOnly("revoked");
    assertThat(service.sandbox().requests(Operation.DELETE)).isEqualTo(LEAVERS);
    assertThat(service.sandbox().requests(Operation.LIST)).isEqualTo(2 * LEAVERS);
  }

  private static long warnings(JarProcess process) {
    return process.errors().lines().filter(line -> line.contains(" WARN ")).count();
  }
}
