package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.testing.Company;
import io.offboarder.testing.ServiceFixture;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.gate.GateSettings;
import io.offboarder.webex.gate.GateSettings.Retries;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Somebody who hoards authorizations")
class HoardingTest {
  @RegisterExtension private final ServiceFixture fixture = ServiceFixture.of("hoard", 1);

  @Test
  @DisplayName("loses all 12,000 of them, list by list")
  void deletedInBatches() {
    hoard(4_000, 2);

    JsonNode outcome = outcome(fixture.settings());

    assertThat(outcome.path("status").asText()).isEqualTo("revoked");
    assertThat(outcome.at("/verification/remaining").asInt()).isZero();
    assertThat(fixture.sandbox().live()).isEmpty();
    assertThat(fixture.sandbox().requests(Operation.LIST)).isBetween(3, 5);
  }

  @Test
  @DisplayName("beyond what the settings allow for one event keeps the rest, and the event is kept")
  void beyondTheBounds() {
    hoard(7_000, 0);
    ServiceSettings usual = fixture.settings();

    JsonNode outcome =
        outcome(
            usual.toBuilder().webex(bounded(usual.webex(), 1_000, Duration.ofMillis(1))).build());

    assertThat(outcome.path("status").asText()).isEqualTo("partially_revoked");
    assertThat(outcome.at("/error/code").asText()).isEqualTo("still_live");
    assertThat(fixture.sandbox().live()).hasSize(2_000);
    ConsumerRecord<byte[], byte[]> letter =
        fixture.company().topics().committed(fixture.company().deadLetters()).iterator().next();
    assertThat(Company.json(letter.value()).path("id").asText()).isEqualTo("e1");
    assertThat(letter.headers().lastHeader("__offboarder.errors.status").value())
        .asString(UTF_8)
        .isEqualTo("partially_revoked");
  }

  private static WebexSettings bounded(WebexSettings usual, int listItems, Duration eventTime) {
    GateSettings gate = usual.gate();
    Retries retries = gate.retries();
    Retries brief =
        new Retries(retries.maxAttempts(), eventTime, retries.firstBackoff(), retries.maxBackoff());
    return new WebexSettings(
        usual.credentials(),
        usual.http(),
        new GateSettings(
            gate.maxConcurrency(),
            gate.maxRequestsPerSecond(),
            brief,
            gate.probes(),
            gate.pauses(),
            gate.names()),
        listItems);
  }

  private void hoard(int apps, int accessTokens) {
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    IntStream.range(0, apps)
        .forEach(
            app ->
                fixture
                    .sandbox()
                    .authorize(ann, fixture.sandbox().newApp("App " + app), accessTokens));
  }

  private JsonNode outcome(ServiceSettings settings) {
    fixture.deploy(settings);
    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            Company.event("e1", "user-terminated", Map.of("personEmail", "ann@example.com")));
    return fixture.company().awaitOutcomes(1).get("e1");
  }
}
