package io.offboarder.program;

import static io.offboarder.testing.Company.event;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings.SandboxCredentials;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.JarProcess;
import io.offboarder.testing.Service;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The built jar, as its own process")
class ProgramIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static int companies;

  private Service service;

  @BeforeEach
  void found() {
    Company company = Company.on(EmbeddedBroker.shared().bootstrapServers(), "jar-" + ++companies);
    service = new Service(company, Duration.ZERO);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  @DisplayName("whose log nobody reads, it does its work and stops in good order")
  void logUnread() {
    int events = 1_500; // Each with a line, together more than a pipe holds.
    service
        .company()
        .publish(
            service.company().terminated(),
            IntStream.range(0, events)
                .mapToObj(
                    i ->
                        event(
                            "e" + i,
                            "user-terminated",
                            Map.of("personEmail", i + "@nobody.example")))
                .toList());
    JarProcess process = service.runUnread("one");

    assertThat(service.company().awaitOutcomeRecords(events)).hasSize(events);
    assertThat(process.terminate(SOON)).isZero();
  }

  @Test
  @DisplayName("its log names events and never a token, at any level")
  void secrets() {
    SandboxPerson person = service.hire(1).get(0);
    Company company = service.company();
    SandboxCredentials known = service.sandbox().settings().credentials();
    company.publish(
        company.terminated(), event("e1", "user-terminated", Map.of("personId", person.id())));
    company.publish(company.terminated(), event("e2", "user-terminated", Map.of()));
    Map<String, String> extra = new HashMap<>();
    extra.put("OFFBOARDER_LOG_LEVEL", "TRACE");
    extra.put("OFFBOARDER_WEBEX_ACCESS_TOKEN", "");
    extra.put("OFFBOARDER_WEBEX_CLIENT_ID", known.clientId());
    extra.put("OFFBOARDER_WEBEX_CLIENT_SECRET", known.clientSecret());
    extra.put("OFFBOARDER_WEBEX_REFRESH_TOKEN", known.refreshToken());
    JarProcess process = service.run("one", extra);

    Map<String, JsonNode> outcomes = company.awaitOutcomes(2);

    assertThat(outcomes.get("e1").path("status").asText()).isEqualTo("revoked");
    await().atMost(SOON).until(() -> process.errors().contains("e1"));
    process.terminate(SOON);
    assertThat(process.errors() + process.output() + outcomes)
        .doesNotContain(known.accessToken())
        .doesNotContain(known.clientSecret())
        .doesNotContain(known.refreshToken())
        .doesNotContainIgnoringCase("Bearer ");
  }

  @Test
  @DisplayName("stopped with SIGTERM, it has sent the traces of what it did to the collector")
  void traced() {
    Company company = service.company();
    Queue<String> received = new ConcurrentLinkedQueue<>();
    HttpServer collector =
        service
            .vertx()
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
    JarProcess process = service.run("one", Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", url));
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
        JarProcess.start(
            Map.of(
                "OFFBOARDER_WEBEX_MAX_CONCURRENCY", "many", "OFFBOARDER_WEBEX_ACCESS_TOKEN", "t"),
            "run");
    assertThat(wrong.awaitExit(SOON)).isEqualTo(2);
    assertThat(wrong.errors().lines().toList())
        .hasSize(1)
        .allSatisfy(line -> assertThat(line).contains("max-concurrency", "many"));

    JarProcess missing =
        service.run("one", Map.of("OFFBOARDER_KAFKA_OUTCOME_TOPIC", "no-such-topic"));
    assertThat(missing.awaitExit(SOON)).isEqualTo(5);
    assertThat(missing.errors()).contains("no-such-topic", "--create-topics");
  }
}
