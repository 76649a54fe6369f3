package io.offboarder.program;

import static io.offboarder.testing.Company.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.sandbox.Fault;
import io.offboarder.sandbox.Fault.Effect;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.JarProcess;
import io.offboarder.testing.Service;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The built jar, as its own process, when it is ended")
class StoppedProgramIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static int companies;

  private Service service;

  @AfterEach
  void stop() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName("killed with -9 in the middle and started again, it leaves one outcome per record")
  void killed(String protocol) {
    serve(Duration.ofMillis(60));
    SandboxPerson bystander = service.sandbox().addPerson("bystander@example.com");
    List<SandboxAuthorization> untouched =
        service.sandbox().authorize(bystander, service.sandbox().newApp("Notes"), 2);
    int leavers = 300;
    service.terminate(leavers);
    Map<String, String> extra = new HashMap<>();
    extra.put("OFFBOARDER_KAFKA_PROPERTIES_GROUP_PROTOCOL", protocol);
    if (protocol.equals("classic")) {
      extra.put("OFFBOARDER_KAFKA_PROPERTIES_SESSION_TIMEOUT_MS", "6000");
    }
    JarProcess first = service.run("one", extra);
    service.company().awaitOutcomeRecords(20);
    first.kill();
    assertThat(committed()).isLessThan(leavers);

    JarProcess second = service.run("one", extra);

    List<JsonNode> outcomes =
        service.company().awaitOutcomeRecords(leavers).stream()
            .map(record -> Company.json(record.value()))
            .toList();
    assertThat(outcomes).hasSize(leavers);
    assertThat(outcomes.stream().map(StoppedProgramIT::position).distinct()).hasSize(leavers);
    assertThat(outcomes.stream().map(one -> one.path("status").asText()).distinct())
        .isSubsetOf("revoked", "nothing_to_revoke");
    assertThat(service.sandbox().live()).containsExactlyInAnyOrderElementsOf(untouched);
    assertThat(second.terminate(SOON)).isZero();
    assertThat(committed()).isEqualTo(leavers);
  }

  @Test
  @DisplayName(
      "stopped with SIGTERM, it finishes what is in flight, exits with 0, and nothing is done twice")
  void stopped() {
    serve(Duration.ofMillis(100));
    int leavers = 200;
    service.terminate(leavers);
    JarProcess first = service.run("one");
    service.company().awaitOutcomeRecords(10);
    assertThat(first.terminate(SOON)).isZero();
    service.run("one");

    assertThat(service.company().awaitOutcomeRecords(leavers)).hasSize(leavers);
    assertThat(service.sandbox().live()).isEmpty();
    assertThat(service.sandbox().requests(Operation.DELETE)).isEqualTo(leavers);
    assertThat(service.sandbox().requests(Operation.LIST)).isEqualTo(2 * leavers);
  }

  @Test
  @DisplayName("stopped with SIGTERM in an outage of the API, it hands back at once what waits")
  void stoppedInAnOutage() {
    serve(Duration.ZERO);
    service.sandbox().script(Fault.of(Effect.Status.of(503)));
    service.terminate(20);
    JarProcess first = service.run("one");
    await().atMost(SOON).until(() -> first.errors().contains("all requests wait"));

    // It waited for 20 s where it gave the API its time; the JVM's own end is in here too.
    assertThat(first.terminate(Duration.ofSeconds(6))).isZero();
    assertThat(committed()).isZero();

    service.sandbox().clearFaults();
    service.run("one");
    assertThat(service.company().awaitOutcomeRecords(20)).hasSize(20);
    assertThat(service.sandbox().live()).isEmpty();
  }

  private int committed() {
    return service.company().topics().committed(service.company().outcomes()).size();
  }

  private static String position(JsonNode outcome) {
    JsonNode event = outcome.path("event");
    return event.path("topic").asText()
        + event.path("partition").asInt()
        + "@"
        + event.path("offset").asLong();
  }

  private void serve(Duration latency) {
    String name = "ended-" + ++companies;
    Company company = Company.on(EmbeddedBroker.shared().bootstrapServers(), name);
    service = new Service(company, latency);
  }
}
