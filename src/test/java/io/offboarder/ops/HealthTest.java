package io.offboarder.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.event.EventType;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.service.EventTracing;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.service.ServiceListener;
import io.offboarder.service.ServiceSettings;
import io.offboarder.signature.SignatureFault.Kind;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Operation;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The management port")
class HealthTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();
  private static int companies;

  private final CountDownLatch released = new CountDownLatch(1);
  private final ServiceMetrics metrics =
      new ServiceMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  private Vertx vertx;
  private Company company;
  private WebexSandbox sandbox;
  private ManagementServer server;

  @BeforeEach
  void found() {
    vertx = Vertx.vertx();
    company = Company.on(BROKER.bootstrapServers(), "health-" + ++companies);
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
  }

  @AfterEach
  void stop() {
    released.countDown();
    vertx.close().await();
  }

  @Test
  @DisplayName("says of each check that it is good, without any event")
  void good() {
    deploy(company.service(sandbox, Map.of()), metrics);

    JsonNode ready = awaitStatus("/health/ready", 200);

    assertThat(ready.path("status").asText()).isEqualTo("UP");
    assertThat(checks(ready))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "group", "UP",
                "kafka", "UP",
                "api", "UP",
                "credentials", "UP",
                "pause", "UP",
                "schemas", "UP"));
    assertThat(checks(awaitStatus("/health/live", 200)))
        .containsExactlyInAnyOrderEntriesOf(Map.of("kafka-loop", "UP", "event-loop", "UP"));
  }

  @Test
  @DisplayName("says in words that credentials are refused, before any event has to find out")
  void refused() {
    deploy(
        with(
            WebexSettings.at(
                sandbox.baseUrl(), new Credentials.StaticToken(Secret.of("a-wrong-token")))),
        metrics);

    String reason = awaitReason("/health/ready", "credentials", "access token");

    assertThat(reason).doesNotContain("a-wrong-token");
    await()
        .atMost(SOON)
        .until(
            () -> checks(body("/health/ready")),
            Map.of(
                    "group", "UP",
                    "kafka", "UP",
                    "api", "UP",
                    "credentials", "DOWN",
                    "pause", "UP",
                    "schemas", "UP")
                ::equals);
    assertThat(body("/health/live").path("status").asText()).isEqualTo("UP");
  }

  @Test
  @DisplayName("says in words that the API is away, before any event has to find out")
  void away() {
    Credentials credentials = new Credentials.StaticToken(Secret.of("token"));
    deploy(with(WebexSettings.at(URI.create("http://127.0.0.1:1/v1"), credentials)), metrics);

    awaitReason("/health/ready", "api", "does not answer as it should");

    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("says that the event loop is stuck, and when it is no longer")
  void stuckEventLoop() {
    deploy(
        company.service(sandbox, Map.of()),
        new Held() {
          @Override
          public void attempted(
              Operation operation, HttpStatus status, int attempt, Duration took) {
            hold();
          }
        });

    awaitReason("/health/live", "event-loop", "has not answered within");
    assertThat(get("/health/live").statusCode()).isEqualTo(503);

    released.countDown();
    awaitStatus("/health/live", 200);
  }

  @Test
  @DisplayName("says that the Kafka thread is stuck, and when it is no longer")
  void stuckKafkaThread() {
    deploy(
        company.service(sandbox, Map.of()),
        new Held() {
          @Override
          public void transactionEnded(End end, int records, Duration took) {
            hold();
          }
        });
    awaitStatus("/health/live", 200);
    company.publish(
        company.terminated(),
        Company.event("e1", "user-terminated", Map.of("personEmail", "nobody@example.com")));

    awaitReason("/health/live", "kafka-loop", "has not come round");

    released.countDown();
    awaitStatus("/health/live", 200);
  }

  /** Hears of something, and does not let go of the thread that told it. */
  private abstract class Held implements ServiceListener {
    @Override
    public void ended(EventType type, Outcome outcome) {}

    @Override
    public void signatureRefused(Kind kind) {}

    @Override
    public void ignored(String rule) {}

    @Override
    public void deadLettered(Status status) {}

    @Override
    public void attempted(Operation operation, HttpStatus status, int attempt, Duration took) {}

    @Override
    public void opened(Client client, Supplier<Map<MetricName, ? extends Metric>> measured) {
      metrics.opened(client, measured);
    }

    void hold() {
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ServiceSettings with(WebexSettings webex) {
    return company.service(sandbox, Map.of()).toBuilder().webex(webex).build();
  }

  private void deploy(ServiceSettings settings, ServiceListener listener) {
    OffboardingVerticle service =
        new OffboardingVerticle(settings, Clock.systemUTC(), listener, EventTracing.NONE);
    server =
        new ManagementServer(
            service,
            metrics,
            ManagementSettings.plain("127.0.0.1", 0),
            new Liveness(Duration.ofSeconds(2), Duration.ofMillis(500)),
            Duration.ofSeconds(20),
            Duration.ofMinutes(1));
    vertx.deployVerticle(server).await();
    vertx.deployVerticle(service).await();
  }

  private JsonNode awaitStatus(String path, int status) {
    await().atMost(SOON).until(() -> get(path).statusCode() == status);
    return body(path);
  }

  private String awaitReason(String path, String check, String words) {
    return await()
        .atMost(SOON)
        .until(() -> reason(body(path), check), reason -> reason.contains(words));
  }

  private static String reason(JsonNode health, String check) {
    for (JsonNode one : health.path("checks")) {
      if (one.path("id").asText().equals(check)) {
        return one.at("/data/reason").asText();
      }
    }
    return "";
  }

  private static Map<String, String> checks(JsonNode health) {
    Map<String, String> found = new HashMap<>();
    for (JsonNode one : health.path("checks")) {
      found.put(one.path("id").asText(), one.path("status").asText());
    }
    return found;
  }

  private JsonNode body(String path) {
    return Company.json(get(path).body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private HttpResponse<String> get(String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    try {
      return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
