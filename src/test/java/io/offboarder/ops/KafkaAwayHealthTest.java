package io.offboarder.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.SandboxSettings.Latency;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.service.EventTracing;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.testing.BrokerProcess;
import io.offboarder.testing.Company;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The management port, while Kafka is away,")
class KafkaAwayHealthTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** What docs/METRICS.md promises, and a second of the test's own. */
  private static final Duration PROMISED = Duration.ofSeconds(16);

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static BrokerProcess broker;
  private static int companies;

  private Vertx vertx;
  private Company company;
  private WebexSandbox sandbox;
  private ManagementServer server;

  @BeforeAll
  static void startBroker() {
    broker = BrokerProcess.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void found() {
    vertx = Vertx.vertx();
    company = Company.on(broker.bootstrapServers(), "kafka-away-" + ++companies);
    Latency slow = new Latency(Duration.ofMillis(500), Duration.ofMillis(500));
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults().withLatency(slow)).await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100})
  @DisplayName("says within 15 s that a broker was killed, idle or busy, and when it is back")
  void killed(int events) throws Exception {
    deploy();
    awaitReady();
    terminate(events);

    broker.kill();
    awaitNotReady();

    broker.restart();
    awaitReady();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100})
  @DisplayName("says within 15 s that a broker does not answer, idle or busy, and when it does")
  void frozen(int events) throws Exception {
    deploy();
    awaitReady();
    terminate(events);

    broker.freeze();
    awaitNotReady();

    broker.thaw();
    awaitReady();
  }

  @Test
  @DisplayName("says at the start that Kafka has not answered yet")
  void atTheStart() {
    broker.freeze();
    deploy();
    try {
      await().atMost(SOON).until(this::ready, body -> body.contains("Kafka has not answered yet"));
    } finally {
      broker.thaw();
    }
    awaitReady();
  }

  private void deploy() {
    ServiceMetrics metrics =
        new ServiceMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    OffboardingVerticle service =
        new OffboardingVerticle(
            company.service(sandbox, Map.of()), Clock.systemUTC(), metrics, EventTracing.NONE);
    server = new ManagementServer(service, metrics, ManagementSettings.plain("127.0.0.1", 0));
    vertx.deployVerticle(server).await();
    vertx.deployVerticle(service).await();
  }

  private void terminate(int events) {
    for (int i = 0; i < events; i++) {
      SandboxPerson person = sandbox.addPerson("p" + i + "@example.com");
      company.publish(
          company.terminated(),
          Company.event("e" + i, "user-terminated", Map.of("personId", person.id())));
    }
  }

  private void awaitNotReady() throws Exception {
    await().atMost(PROMISED).until(() -> status("/health/ready") == 503);
    assertThat(ready()).contains("\"id\":\"kafka\",\"status\":\"DOWN\"").contains("reason");
    assertThat(status("/health/live")).isEqualTo(200);
  }

  private void awaitReady() {
    await().atMost(SOON).until(() -> status("/health/ready") == 200);
  }

  private int status(String path) throws Exception {
    return HTTP.send(request(path), BodyHandlers.ofString()).statusCode();
  }

  private String ready() throws Exception {
    return HTTP.send(request("/health/ready"), BodyHandlers.ofString()).body();
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
  }
}
