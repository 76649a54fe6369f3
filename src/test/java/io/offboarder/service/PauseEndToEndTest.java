package io.offboarder.service;

import static io.offboarder.testing.Company.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.commands.CommandFormat;
import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.stream.StreamStatus;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.webex.gate.GateStatus;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A group that a person pauses")
class PauseEndToEndTest {
  private static final AtomicInteger COMPANIES = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What is promised. */
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(2);

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
    sandbox =
        WebexSandbox.start(vertx, SandboxSettings.defaults().withRequestsPerSecond(100)).await();
    app = sandbox.newApp("Slides");
    company = Company.on(broker.bootstrapServers(), "pause-" + COMPANIES.incrementAndGet(), 4);
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  @DisplayName("asks the API for nothing 2 s later, keeps its partitions, and goes on where it was")
  void stopsAndGoesOn() {
    deploy(1);
    deploy(2);
    leave(0, 100);
    await().atMost(PATIENCE).until(() -> requests() > 40);

    Instant said = Instant.now();
    say(Verb.PAUSE, "wrong file");
    await()
        .atMost(STOPS_WITHIN)
        .until(() -> services.stream().allMatch(PauseEndToEndTest::isPaused));
    assertThat(Duration.between(said, Instant.now())).isLessThan(STOPS_WITHIN);
    int asked = requests();
    assertThat(sandbox.live()).isNotEmpty();
    leave(100, 110);
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(10))
        .until(() -> requests() == asked);
    assertThat(services)
        .allSatisfy(
            one -> {
              StreamStatus stream = one.status().stream();
              assertThat(stream.partitions()).isNotEmpty();
              assertThat(stream.problem()).isEmpty();
            });

    say(Verb.RESUME, "the file was right");

    List<JsonNode> outcomes = outcomes(110);
    assertThat(outcomes.stream().map(one -> one.path("status").asText())).containsOnly("revoked");
    assertThat(outcomes.stream().map(one -> one.path("caseId").asText())).doesNotHaveDuplicates();
    assertThat(services).allSatisfy(one -> assertThat(one.status().pause()).isNull());
  }

  @Test
  @DisplayName("stays so when its instances are replaced, and says who has paused it, when and why")
  void outlivesRestarts() {
    String first = deploy(1);
    say(Verb.PAUSE, "earlier");
    say(Verb.RESUME, "a mistake");
    say(Verb.PAUSE, "wrong file");
    await().atMost(PATIENCE).until(() -> isPaused(services.get(0)));
    leave(0, 20);
    vertx.undeploy(first).await();
    services.clear();

    deploy(2);
    deploy(3);

    await().atMost(PATIENCE).until(() -> services.stream().allMatch(PauseEndToEndTest::isPaused));
    await()
        .atMost(PATIENCE)
        .until(() -> services.stream().allMatch(PauseEndToEndTest::hasPartitions));
    assertThat(services)
        .allSatisfy(
            one -> {
              assertThat(one.status().pause().by()).isEqualTo("ann");
              assertThat(one.status().pause().reason()).isEqualTo("wrong file");
              assertThat(one.status().pause().since()).isAfter(Instant.now().minus(PATIENCE));
            });
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(10))
        .until(() -> sandbox.deletions().isEmpty());
    assertThat(company.topics().committed(company.outcomes())).isEmpty();

    say(Verb.RESUME, "the file was right");
    assertThat(outcomes(20)).hasSize(20);
  }

  @Test
  @DisplayName("hands its partitions over as at any time, and the next owner begins nothing either")
  void handsOver() {
    String first = deploy(1);
    leave(0, 100);
    await().atMost(PATIENCE).until(() -> requests() > 40);
    say(Verb.PAUSE, "wrong file");
    await().atMost(STOPS_WITHIN).until(() -> isPaused(services.get(0)));
    deploy(2);
    await().atMost(PATIENCE).until(() -> hasPartitions(services.get(1)));
    Instant stopping = Instant.now();
    vertx.undeploy(first).await();
    assertThat(Duration.between(stopping, Instant.now())).isLessThan(Duration.ofSeconds(15));
    int asked = requests();
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(10))
        .until(() -> requests() == asked);

    say(Verb.RESUME, "the file was right");
    assertThat(outcomes(100).stream().map(one -> one.path("caseId").asText()))
        .doesNotHaveDuplicates();
  }

  private static boolean isPaused(OffboardingVerticle one) {
    GateStatus gate = one.status().gate();
    return one.status().pause() != null
        && gate != null
        && gate.state() == GateStatus.State.PAUSED
        && gate.load().inFlight() == 0;
  }

  private static boolean hasPartitions(OffboardingVerticle one) {
    StreamStatus stream = one.status().stream();
    return stream != null && !stream.partitions().isEmpty();
  }

  private int requests() {
    return sandbox.requests().values().stream()
        .flatMap(one -> one.values().stream())
        .mapToInt(Integer::intValue)
        .sum();
  }

  private String deploy(int instance) {
    OffboardingVerticle service =
        new OffboardingVerticle(company.service(sandbox, Map.of(), instance));
    services.add(service);
    return vertx.deployVerticle(service).await();
  }

  private void say(Verb verb, String reason) {
    PersonsCommand command =
        new PersonsCommand(
            UUID.randomUUID().toString(),
            verb,
            List.of(),
            null,
            null,
            "ann",
            reason,
            Instant.now());
    company.topics().publish(company.commands(), List.of(new CommandFormat().write(command)));
  }

  private void leave(int from, int to) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      String email = "leaver" + i + "@example.com";
      sandbox.authorize(sandbox.addPerson(email), app, 1);
      byte[] event =
          event("of " + email, "user-terminated", Map.of("personEmail", email))
              .toString()
              .getBytes(UTF_8);
      records.add(new ProducerRecord<>(company.terminated(), email.getBytes(UTF_8), event));
    }
    company.topics().publish(records);
  }

  private List<JsonNode> outcomes(int count) {
    return company
        .topics()
        .committed(company.outcomes(), records -> records.size() >= count, PATIENCE)
        .stream()
        .map(record -> Company.json(record.value()))
        .toList();
  }
}
