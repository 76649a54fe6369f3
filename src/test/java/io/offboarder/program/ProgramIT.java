package io.offboarder.program;

import static io.offboarder.testing.Company.event;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.Fault;
import io.offboarder.sandbox.Fault.Effect;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.SandboxSettings.Latency;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.JarProcess;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The built jar, as its own process")
class ProgramIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static EmbeddedBroker broker;
  private static Vertx vertx;
  private static int companies;

  private final List<JarProcess> processes = new ArrayList<>();
  private Company company;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopBroker() {
    vertx.close().await();
    broker.close();
  }

  @BeforeEach
  void foundCompany() {
    company = Company.on(broker.bootstrapServers(), "jar-" + ++companies);
  }

  @AfterEach
  void stopProcesses() {
    processes.forEach(JarProcess::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName("killed with -9 in the middle and started again, it leaves one outcome per record")
  void killed(String protocol) {
    WebexSandbox sandbox = sandbox(Latency.fixed(Duration.ofMillis(60)));
    SandboxApp app = sandbox.newApp("Slides");
    SandboxPerson bystander = sandbox.addPerson("bystander@example.com");
    List<SandboxAuthorization> untouched = sandbox.authorize(bystander, app, 2);
    int leavers = 300;
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < leavers; i++) {
      SandboxPerson person = sandbox.addPerson("person" + i + "@example.com");
      sandbox.authorize(person, app, 1);
      events.add(event("e" + i, "user-terminated", Map.of("personId", person.id())));
    }
    company.publish(company.terminated(), events);
    Map<String, String> extra = new HashMap<>();
    extra.put("OFFBOARDER_KAFKA_PROPERTIES_GROUP_PROTOCOL", protocol);
    if (protocol.equals("classic")) {
      extra.put("OFFBOARDER_KAFKA_PROPERTIES_SESSION_TIMEOUT_MS", "6000");
    }
    JarProcess first = run(sandbox, "one", extra);
    company.awaitOutcomeRecords(20);
    first.kill();
    int before = company.topics().committed(company.outcomes()).size();
    assertThat(before).isLessThan(leavers);

    JarProcess second = run(sandbox, "one", extra);

    List<JsonNode> outcomes =
        company.awaitOutcomeRecords(leavers).stream().map(r -> Company.json(r.value())).toList();
    assertThat(outcomes).hasSize(leavers);
    assertThat(outcomes.stream().map(ProgramIT::position).distinct()).hasSize(leavers);
    assertThat(outcomes.stream().map(o -> o.path("status").asText()).collect(Collectors.toSet()))
        .isSubsetOf("revoked", "nothing_to_revoke");
    assertThat(sandbox.live()).containsExactlyInAnyOrderElementsOf(untouched);
    assertThat(second.terminate(SOON)).isZero();
    assertThat(company.topics().committed(company.outcomes())).hasSize(leavers);
  }

  @Test
  @DisplayName(
      "stopped with SIGTERM, it finishes what is in flight, exits with 0, and nothing is done twice")
  void stopped() {
    WebexSandbox sandbox = sandbox(Latency.fixed(Duration.ofMillis(100)));
    SandboxApp app = sandbox.newApp("Slides");
    int leavers = 200;
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < leavers; i++) {
      SandboxPerson person = sandbox.addPerson("person" + i + "@example.com");
      sandbox.authorize(person, app, 0);
      events.add(event("e" + i, "user-terminated", Map.of("personId", person.id())));
    }
    company.publish(company.terminated(), events);
    JarProcess first = run(sandbox, "one", Map.of());
    company.awaitOutcomeRecords(10);
    assertThat(first.terminate(SOON)).isZero();
    run(sandbox, "one", Map.of());

    assertThat(company.awaitOutcomeRecords(leavers)).hasSize(leavers);
    assertThat(sandbox.live()).isEmpty();
    assertThat(sandbox.requests(Operation.DELETE)).isEqualTo(leavers);
    assertThat(sandbox.requests(Operation.LIST)).isEqualTo(2 * leavers);
  }

  @Test
  @DisplayName("stopped with SIGTERM in an outage of the API, it hands back at once what waits")
  void stoppedInAnOutage() {
    WebexSandbox sandbox = sandbox(Latency.NONE);
    SandboxApp app = sandbox.newApp("Slides");
    sandbox.script(Fault.of(Effect.Status.of(503)));
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SandboxPerson person = sandbox.addPerson("person" + i + "@example.com");
      sandbox.authorize(person, app, 0);
      events.add(event("e" + i, "user-terminated", Map.of("personId", person.id())));
    }
    company.publish(company.terminated(), events);
    JarProcess first = run(sandbox, "one", Map.of());
    await().atMost(SOON).until(() -> first.errors().contains("all requests wait"));

    // It waited for 20 s where it gave the API its time; the JVM's own end is in here too.
    assertThat(first.terminate(Duration.ofSeconds(6))).isZero();
    assertThat(company.topics().committed(company.outcomes())).isEmpty();

    sandbox.clearFaults();
    run(sandbox, "one", Map.of());
    assertThat(company.awaitOutcomeRecords(20)).hasSize(20);
    assertThat(sandbox.live()).isEmpty();
  }

  @Test
  @DisplayName("whose log nobody reads, it does its work and stops in good order")
  void logUnread() {
    WebexSandbox sandbox = sandbox(Latency.NONE);
    int events = 1_500; // Each with a line, together more than a pipe holds.
    company.publish(
        company.terminated(),
        IntStream.range(0, events)
            .mapToObj(
                i ->
                    event("e" + i, "user-terminated", Map.of("personEmail", i + "@nobody.example")))
            .toList());
    JarProcess process = JarProcess.startUnread(environment(sandbox, "one", Map.of()), "run");
    processes.add(process);

    assertThat(company.awaitOutcomeRecords(events)).hasSize(events);
    assertThat(process.terminate(SOON)).isZero();
  }

  @Test
  @DisplayName("its log names events and never a token, at any level")
  void secrets() {
    WebexSandbox sandbox = sandbox(Latency.NONE);
    SandboxPerson person = sandbox.addPerson("ann@example.com");
    sandbox.authorize(person, sandbox.newApp("Slides"), 1);
    company.publish(
        company.terminated(), event("e1", "user-terminated", Map.of("personId", person.id())));
    company.publish(company.terminated(), event("e2", "user-terminated", Map.of()));
    Map<String, String> extra = new HashMap<>();
    extra.put("OFFBOARDER_LOG_LEVEL", "TRACE");
    extra.put("OFFBOARDER_WEBEX_ACCESS_TOKEN", "");
    extra.put("OFFBOARDER_WEBEX_CLIENT_ID", sandbox.settings().credentials().clientId());
    extra.put("OFFBOARDER_WEBEX_CLIENT_SECRET", sandbox.settings().credentials().clientSecret());
    extra.put("OFFBOARDER_WEBEX_REFRESH_TOKEN", sandbox.settings().credentials().refreshToken());
    JarProcess process = run(sandbox, "one", extra);

    Map<String, JsonNode> outcomes = company.awaitOutcomes(2);

    assertThat(outcomes.get("e1").path("status").asText()).isEqualTo("revoked");
    await().atMost(SOON).until(() -> process.errors().contains("e1"));
    process.terminate(SOON);
    assertThat(process.errors() + process.output() + outcomes)
        .doesNotContain(sandbox.settings().credentials().accessToken())
        .doesNotContain(sandbox.settings().credentials().clientSecret())
        .doesNotContain(sandbox.settings().credentials().refreshToken())
        .doesNotContainIgnoringCase("Bearer ");
  }

  @Test
  @DisplayName("stopped with SIGTERM, it has sent the traces of what it did to the collector")
  void traced() {
    Queue<String> received = new ConcurrentLinkedQueue<>();
    HttpServer collector =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              received.add(body.toString(ISO_8859_1));
                              request.response().end();
                            }))
            .listen(0, "127.0.0.1")
            .await();
    String url = "http://127.0.0.1:" + collector.actualPort();
    JarProcess process =
        run(sandbox(Latency.NONE), "one", Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", url));
    company.publish(
        company.terminated(),
        event("e1", "user-terminated", Map.of("personEmail", "nobody@example.com")));
    company.awaitOutcomeRecords(1);

    assertThat(process.terminate(SOON)).isZero();

    assertThat(String.join("", received))
        .contains("process " + company.terminated(), "webex list", "subject_not_found")
        .doesNotContain("nobody@");
    // The person is unknown, the topics are the test's own and its guard is off; all are warned of.
    // Tracing is not.
    assertThat(process.errors().lines().filter(line -> line.contains("WARN")))
        .allMatch(
            line ->
                line.contains("EventReport")
                    || line.contains("RequiredTopics")
                    || line.contains("The guard is off"));
  }

  @Test
  @DisplayName("a wrong setting stops it with one line and exit code 2, missing topics with 5")
  void wrongSettings() {
    JarProcess wrong =
        start(
            Map.of(
                "OFFBOARDER_WEBEX_MAX_CONCURRENCY", "many", "OFFBOARDER_WEBEX_ACCESS_TOKEN", "t"));
    assertThat(wrong.awaitExit(SOON)).isEqualTo(2);
    assertThat(wrong.errors().lines().toList())
        .hasSize(1)
        .allSatisfy(line -> assertThat(line).contains("max-concurrency", "many"));

    Map<String, String> environment = new HashMap<>(company.environment());
    environment.put("OFFBOARDER_WEBEX_ACCESS_TOKEN", "t");
    environment.put("OFFBOARDER_KAFKA_OUTCOME_TOPIC", "no-such-topic");
    environment.put("OFFBOARDER_HTTP_PORT", "0");
    JarProcess missing = start(environment);
    assertThat(missing.awaitExit(SOON)).isEqualTo(5);
    assertThat(missing.errors()).contains("no-such-topic", "--create-topics");
  }

  private static String position(JsonNode outcome) {
    JsonNode event = outcome.path("event");
    return event.path("topic").asText()
        + event.path("partition").asInt()
        + "@"
        + event.path("offset").asLong();
  }

  private static WebexSandbox sandbox(Latency latency) {
    return WebexSandbox.start(vertx, SandboxSettings.defaults().withLatency(latency)).await();
  }

  private JarProcess run(WebexSandbox sandbox, String instance, Map<String, String> extra) {
    return start(environment(sandbox, instance, extra));
  }

  private Map<String, String> environment(
      WebexSandbox sandbox, String instance, Map<String, String> extra) {
    Map<String, String> environment = new HashMap<>(company.environment());
    environment.put("OFFBOARDER_INSTANCE_ID", instance);
    environment.put("OFFBOARDER_HTTP_PORT", "0");
    environment.put("OFFBOARDER_WEBEX_BASE_URL", sandbox.baseUrl().toString());
    environment.put(
        "OFFBOARDER_WEBEX_ACCESS_TOKEN", sandbox.settings().credentials().accessToken());
    environment.putAll(extra);
    return environment;
  }

  private JarProcess start(Map<String, String> environment) {
    JarProcess process = JarProcess.start(environment, "run");
    processes.add(process);
    return process;
  }
}
