package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.gate.GateSettings;
import io.offboarder.webex.gate.GateSettings.Retries;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Somebody who hoards authorizations")
class HoardingTest {
  private final Vertx vertx = Vertx.vertx();
  private EmbeddedBroker broker;
  private WebexSandbox sandbox;
  private Company company;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.start();
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
    company = Company.on(broker.bootstrapServers(), "hoard", 1);
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    broker.close();
  }

  @Test
  @DisplayName("loses all 30,000 of them, list by list")
  void deletedInBatches() {
    hoard(10_000, 2);

    JsonNode outcome = outcome(company.service(sandbox, Map.of()));

    assertThat(outcome.path("status").asText()).isEqualTo("revoked");
    assertThat(outcome.at("/verification/remaining").asInt()).isZero();
    assertThat(sandbox.live()).isEmpty();
    assertThat(sandbox.requests(Operation.LIST)).isBetween(4, 8);
  }

  @Test
  @DisplayName("beyond what the settings allow for one event keeps the rest, and the event is kept")
  void beyondTheBounds() {
    hoard(7_000, 0);
    ServiceSettings usual = company.service(sandbox, Map.of());

    JsonNode outcome = outcome(with(usual, bounded(usual.webex(), 1_000, Duration.ofMillis(1))));

    assertThat(outcome.path("status").asText()).isEqualTo("partially_revoked");
    assertThat(outcome.at("/error/code").asText()).isEqualTo("still_live");
    assertThat(sandbox.live()).hasSize(2_000);
    ConsumerRecord<byte[], byte[]> letter =
        company.topics().committed(company.deadLetters()).iterator().next();
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

  private static ServiceSettings with(ServiceSettings usual, WebexSettings webex) {
    return new ServiceSettings(
        usual.stream(),
        webex,
        usual.outcomeTopic(),
        usual.deadLetterTopic(),
        usual.cases(),
        usual.deadLetters(),
        usual.signatures(),
        usual.decoder(),
        usual.policy(),
        usual.stopTimeout(),
        usual.privacy());
  }

  private void hoard(int apps, int accessTokens) {
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    IntStream.range(0, apps)
        .forEach(app -> sandbox.authorize(ann, sandbox.newApp("App " + app), accessTokens));
  }

  private JsonNode outcome(ServiceSettings settings) {
    vertx.deployVerticle(new OffboardingVerticle(settings)).await();
    company.publish(
        company.terminated(),
        Company.event("e1", "user-terminated", Map.of("personEmail", "ann@example.com")));
    return company.awaitOutcomes(1).get("e1");
  }
}
