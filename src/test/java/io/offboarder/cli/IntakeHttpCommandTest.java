package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("offboarder intake http")
class IntakeHttpCommandTest {
  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();
  private static int number;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String topic = "hr.http-" + number++;
  @TempDir Path directory;

  private Invocation program(int port, int managementPort) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "a-secret-of-okta");
    return new Invocation()
        .withKafka(BROKER.bootstrapServers())
        .with("OFFBOARDER_KAFKA_INPUT_TOPICS", topic)
        .with("OFFBOARDER_HTTP_PORT", "" + managementPort)
        .with("OFFBOARDER_WEBHOOKS_PORT", "" + port)
        .with(
            "OFFBOARDER_WEBHOOKS_ENDPOINTS",
            "[{path: /okta, topic: %s, verify: okta, secret-file: %s}]".formatted(topic, secret));
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        BodyHandlers.ofString());
  }

  private int status(int port, String path) {
    try {
      return get(port, path).statusCode();
    } catch (Exception notYet) {
      return 0;
    }
  }

  @Test
  @DisplayName("publishes what comes, without credentials of the API, and ends with 0 when stopped")
  void published() throws Exception {
    new Topics(BROKER.bootstrapServers()).create(topic, 1, Map.of());
    int port = freePort();
    int management = freePort();
    Invocation program = program(port, management);
    CompletableFuture<Invocation> running = program.runInBackground("intake", "http");
    await().atMost(Duration.ofSeconds(30)).until(() -> status(management, "/health/ready") == 200);
    await().atMost(Duration.ofSeconds(30)).until(() -> status(port, "/") == 404);

    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/okta"))
                .header("Authorization", "a-secret-of-okta")
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new Topics(BROKER.bootstrapServers()).committed(topic)).hasSize(1);
    assertThat(status(management, "/health/live")).isEqualTo(200);
    assertThat(get(management, "/metrics").body())
        .contains("offboarder_webhook_requests_total{endpoint=\"/okta\",result=\"accepted\"} 1.0")
        .contains("offboarder_webhook_ready 1.0");
    program.stop();
    assertThat(running.get().exitCode()).isZero();
    assertThat(running.get().errors()).isEmpty();
  }

  @Test
  @DisplayName("is not ready while its topic is missing, and --check says so")
  void topicMissing() throws Exception {
    int management = freePort();
    Invocation program = program(freePort(), management);
    CompletableFuture<Invocation> running = program.runInBackground("intake", "http");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                status(management, "/health/ready") == 503
                    && get(management, "/health/ready").body().contains("has no topic " + topic));
    program.stop();
    assertThat(running.get().exitCode()).isZero();

    Invocation check = program.again().run("intake", "http", "--check");
    assertThat(check.exitCode()).isEqualTo(ExitCode.TOPICS.code());
    assertThat(check.errors()).singleElement().asString().contains("Kafka has no topic " + topic);
    new Topics(BROKER.bootstrapServers()).create(topic, 1, Map.of());
    assertThat(program.again().run("intake", "http", "--check").lines())
        .containsExactly("ok    /okta to " + topic);
  }

  @Test
  @DisplayName("ends with one line where the port is taken, or there is nothing to take")
  void cannotStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      Invocation refused = program(taken.getLocalPort(), 0).run("intake", "http");
      assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED.code());
      assertThat(refused.errors()).singleElement().asString().contains("requests cannot be taken");
    }
    Invocation nothing =
        new Invocation().withKafka(BROKER.bootstrapServers()).run("intake", "http");
    assertThat(nothing.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(nothing.errors()).singleElement().asString().contains("webhooks.endpoints");
  }
}
