package io.offboarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.webhook.WebhookSettings.Limits;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A push over HTTPS, while Kafka is away")
class WebhookOutageTest extends WebhookFixture {
  private static EmbeddedBroker broker;

  WebhookOutageTest() {
    super(broker);
  }

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  @DisplayName("is answered 503 in bounded time while Kafka is away, and taken once it is back")
  void kafkaAway() {
    assertThat(door.post("/okta", BODY, "Authorization", SECRET).statusCode()).isEqualTo(200);
    broker.stop();
    try {
      long begun = System.nanoTime();
      HttpResponse<String> answer =
          door.post("/okta", BODY.replace("e-1", "e-2"), "Authorization", SECRET);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("5");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
      await().atMost(Duration.ofSeconds(30)).until(() -> door.server.problem() != null);
    } finally {
      broker.restart();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                door.post("/okta", BODY.replace("e-1", "e-3"), "Authorization", SECRET).statusCode()
                    == 200);
    await().atMost(Duration.ofSeconds(30)).until(() -> door.server.problem() == null);
    assertThat(published())
        .extracting(it -> new JsonObject(new String(it.value(), UTF_8)).getString("entity_uuid"))
        .contains("e-1", "e-3");
    assertThat(door.count("/okta", "unavailable")).isPositive();
  }

  @Test
  @DisplayName("is told to come later where too many are worked on")
  void tooManyAtATime() throws Exception {
    door.close();
    door = door(new Limits(10_000, 1, 32, 100, Duration.ofSeconds(5), Duration.ofSeconds(6)));
    assertThat(door.post("/okta", BODY, "Authorization", SECRET).statusCode()).isEqualTo(200);
    broker.stop();
    try {
      List<CompletableFuture<HttpResponse<String>>> both =
          Stream.of(1, 2)
              .map(
                  n ->
                      door.client()
                          .sendAsync(
                              door.request("/okta", "Authorization", SECRET)
                                  .POST(BodyPublishers.ofString(BODY))
                                  .build(),
                              BodyHandlers.ofString()))
              .toList();

      assertThat(both).extracting(one -> one.join().statusCode()).containsOnly(503);
      assertThat(both).filteredOn(one -> one.join().body().contains("at a time")).hasSize(1);
      assertThat(door.count("/okta", "overloaded")).isOne();
      assertThat(door.count("/okta", "unavailable")).isOne();
    } finally {
      broker.restart();
    }
  }
}
