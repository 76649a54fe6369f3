package io.offboarder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A person's hand, on a real broker and a sandbox,")
class HandCommandsTest {
  private static final AtomicInteger COMPANIES = new AtomicInteger();
  private static final JsonMapper JSON = new JsonMapper();
  private static EmbeddedBroker broker;

  @TempDir Path directory;
  private Vertx vertx;
  private WebexSandbox sandbox;
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
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
    company = Company.on(broker.bootstrapServers(), "hand-" + COMPANIES.incrementAndGet());
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  @DisplayName("plans a termination by lists alone, and spares what is protected")
  void plan() throws IOException {
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    SandboxPerson boss = sandbox.addPerson("boss@example.com");
    sandbox.authorize(ann, sandbox.newApp("Slides"), 2);
    sandbox.authorize(boss, sandbox.newApp("Slides"), 1);
    Path list =
        Files.writeString(
            directory.resolve("protected.yaml"), "persons: {addresses: [boss@example.com]}");
    Path people =
        Files.writeString(
            directory.resolve("people.txt"), ann.id() + "\n\nboss@example.com\nno@example.com\n");

    Invocation one = service().run("plan", "--person-email", "ann@example.com");
    Invocation all =
        service()
            .with("OFFBOARDER_POLICY_PROTECTED_FILE", list.toString())
            .run("plan", "--file", people.toString(), "-o", "json");

    assertThat(one.errors()).isEmpty();
    assertThat(one.exitCode()).isZero();
    assertThat(one.lines()).last().asString().contains("dry_run", "would revoke 3: Slides ×3");
    assertThat(all.lines()).hasSize(3);
    assertThat(all.lines().stream().map(line -> json(line).path("status").asText()))
        .containsExactly("dry_run", "skipped", "subject_not_found");
    assertThat(all.exitCode()).isEqualTo(1);
    assertThat(sandbox.requests(Operation.DELETE)).isZero();
    assertThat(sandbox.live()).hasSize(5);
    Invocation wrong = service().run("plan", "--person-id", "a/b");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.errors()).last().asString().contains("data.personId");
  }

  @Test
  @DisplayName("revokes one person's access, shows the outcome and tells by its exit code")
  void revoke() {
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    sandbox.authorize(ann, sandbox.newApp("Slides"), 2);
    vertx.deployVerticle(new OffboardingVerticle(company.service(sandbox, Map.of()))).await();

    Invocation revoked = kafka().run("revoke", "--person-email", "ann@example.com", "--yes");
    Invocation unknown = kafka().run("revoke", "--person-email", "no@example.com", "--yes");

    assertThat(revoked.exitCode()).isZero();
    assertThat(revoked.lines()).anySatisfy(line -> assertThat(line).contains("revoked", "Slides"));
    assertThat(sandbox.live()).isEmpty();
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(kafka().run("revoke").exitCode()).isEqualTo(2);
  }

  @Test
  @DisplayName("publishes dead letters again as they came, once it is told to")
  void replayDeadLetters() {
    vertx.deployVerticle(new OffboardingVerticle(company.service(sandbox, Map.of()))).await();
    company.publishBinary(
        company.terminated(),
        Company.event("e1", "user-terminated", Map.of("personEmail", "ann@example.com")));
    company.publish(company.terminated(), "k", "garbage".getBytes(UTF_8));
    company.awaitOutcomes(2);
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    sandbox.authorize(ann, sandbox.newApp("Slides"), 1);

    Invocation dry = kafka().run("replay", "--dead-letters");
    assertThat(dry.exitCode()).isZero();
    assertThat(dry.lines()).hasSize(3).last().asString().contains("nothing was published");
    assertThat(company.topics().committed(company.terminated())).hasSize(2);
    Invocation few = kafka().run("replay", "--dead-letters", "--max", "1", "--yes");
    assertThat(few.exitCode()).isEqualTo(1);
    assertThat(few.errors()).last().asString().contains("more than --max 1 record");

    Invocation done = kafka().run("replay", "--status", "subject_not_found", "--yes");
    assertThat(done.lines()).last().isEqualTo("published 1 record");
    assertThat(sandbox.requests(Operation.LIST)).isPositive();
    company.awaitOutcomeRecords(3);
    assertThat(sandbox.live()).isEmpty();
    List<ConsumerRecord<byte[], byte[]>> records = company.topics().committed(company.terminated());
    ConsumerRecord<byte[], byte[]> again = records.get(records.size() - 1);
    assertThat(records).hasSize(3);
    JsonNode first =
        company.awaitOutcomeRecords(3).stream()
            .map(record -> Company.json(record.value()))
            .filter(outcome -> outcome.path("status").asText().equals("subject_not_found"))
            .findFirst()
            .orElseThrow();
    ConsumerRecord<byte[], byte[]> replayed =
        records.stream()
            .filter(record -> record.headers().lastHeader("__offboarder.first-case") != null)
            .findFirst()
            .orElse(again);
    assertThat(new String(replayed.headers().lastHeader("ce_id").value(), UTF_8)).isEqualTo("e1");
    assertThat(header(replayed)).isEqualTo(first.path("caseId").asText());

    Invocation twice =
        kafka().run("replay", "--topic", company.terminated(), "--yes", "-o", "json");
    JsonNode said = json(twice.lines().get(0));
    assertThat(said.path("published").asInt()).isEqualTo(3);
    assertThat(said.path("records").findValuesAsText("firstCase"))
        .filteredOn(first.path("caseId").asText()::equals)
        .hasSize(2);
    company.awaitOutcomeRecords(6);
    Invocation elsewhere = kafka().run("replay", "--topic", company.outcomes());
    assertThat(elsewhere.exitCode()).isEqualTo(2);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader("__offboarder.first-case").value(), UTF_8);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  private Invocation kafka() {
    return new Invocation().with(company.environment());
  }

  private Invocation service() {
    return kafka()
        .with("OFFBOARDER_WEBEX_BASE_URL", sandbox.baseUrl().toString())
        .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", sandbox.settings().credentials().accessToken());
  }
}
