package io.offboarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A push over HTTPS")
class WebhookServerTest extends WebhookFixture {
  WebhookServerTest() {
    super(EmbeddedBroker.shared());
  }

  @Test
  @DisplayName("of a known sender is in Kafka, byte for byte, when it is answered")
  void published200() {
    String sent = now();
    List<HttpResponse<String>> answers =
        List.of(
            door.post(
                "/bamboohr",
                BODY,
                "X-BambooHR-Timestamp",
                sent,
                "X-BambooHR-Signature",
                Door.hex("HmacSHA256", SECRET, BODY + sent)),
            door.post("/hibob", BODY, "Bob-Signature", Door.base64("HmacSHA512", SECRET, BODY)),
            door.post("/gusto", BODY, "X-Gusto-Signature", Door.hex("HmacSHA256", SECRET, BODY)),
            door.post("/okta", BODY, "Authorization", SECRET),
            door.post("/bearer", BODY, "Authorization", "Bearer " + SECRET),
            door.post("/basic", BODY, "Authorization", basic("hr:" + SECRET)),
            door.post(
                "/other",
                BODY,
                "X-Sent",
                sent + "000",
                "X-Signature",
                "sha512=" + Door.base64("HmacSHA512", SECRET, sent + "000." + BODY)));

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(200);
              assertThat(answer.body()).isEmpty();
            });
    assertThat(published()).hasSize(7);
    assertThat(published()).extracting(it -> new String(it.value(), UTF_8)).containsOnly(BODY);
    assertThat(published())
        .extracting(it -> it.key() == null ? null : new String(it.key(), UTF_8))
        .containsExactly(null, "77", "e-1", null, null, null, null);
    assertThat(door.count("/gusto", "accepted")).isEqualTo(1);
  }

  @Test
  @DisplayName("brings the headers that help along, and none with a secret")
  void headers() {
    door.post(
        "/okta",
        BODY,
        "Authorization",
        SECRET,
        "Content-Type",
        "application/json",
        "traceparent",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "X-Delivery",
        "d-1",
        "ce-type",
        "com.example.user-terminated",
        "Cookie",
        "session=1");

    assertThat(published().get(0).headers())
        .extracting(it -> it.key() + "=" + new String(it.value(), UTF_8))
        .containsExactlyInAnyOrder(
            "content-type=application/json",
            "traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "x-delivery=d-1");
  }

  @Test
  @DisplayName("with a form as its body is published as it came, too")
  void form() {
    HttpResponse<String> answer =
        door.post(
            "/okta",
            "a=1&b=%20",
            "Authorization",
            SECRET,
            "Content-Type",
            "application/x-www-form-urlencoded");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(published()).extracting(it -> new String(it.value(), UTF_8)).contains("a=1&b=%20");
  }

  @Test
  @DisplayName("that says hello is answered as its sender wants, and not published")
  void greetings() {
    HttpResponse<String> okta =
        door.send(door.request("/okta", "x-okta-verification-challenge", "a1b2-c3").GET().build());
    assertThat(okta.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(okta.body()))
        .isEqualTo(new JsonObject().put("verification", "a1b2-c3"));
    assertThat(door.send(door.request("/okta").GET().build()).statusCode()).isEqualTo(405);
    assertThat(
            door.send(
                    door.request("/gusto", "x-okta-verification-challenge", "a1b2-c3")
                        .GET()
                        .build())
                .statusCode())
        .isEqualTo(405);
    for (String ping : List.of("Ping test", "\"Ping test\"", "{\"text\": \"Ping test\"}")) {
      assertThat(door.post("/hibob", ping).statusCode()).isEqualTo(200);
    }
    assertThat(door.post("/hibob", "{\"text\":\"Ping test\",\"x\":1}").statusCode()).isEqualTo(401);
    assertThat(published()).isEmpty();
  }

  @Test
  @DisplayName("that is too large is answered 413, whether it says so, does not, or its topic does")
  void tooLarge() {
    String large = "x".repeat(10_001);
    String tooLargeForTopic = "x".repeat(9_000);

    assertThat(door.post("/okta", large, "Authorization", SECRET).statusCode()).isEqualTo(413);
    assertThat(
            door.send(
                    door.request("/okta", "Authorization", SECRET)
                        .POST(
                            BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(large.getBytes(UTF_8))))
                        .build())
                .statusCode())
        .isEqualTo(413);
    assertThat(door.post("/okta", tooLargeForTopic, "Authorization", SECRET).statusCode())
        .isEqualTo(413);
    assertThat(published()).isEmpty();
    assertThat(door.count("/okta", "too_large")).isEqualTo(3);
  }

  @Test
  @DisplayName("that is packed, empty, by another method or to another path is refused")
  void strange() {
    assertThat(
            door.post("/okta", BODY, "Authorization", SECRET, "Content-Encoding", "gzip")
                .statusCode())
        .isEqualTo(415);
    assertThat(
            door.post("/okta", BODY, "Authorization", SECRET, "Content-Type", "multipart/form-data")
                .statusCode())
        .isEqualTo(415);
    assertThat(door.post("/okta", "", "Authorization", SECRET).statusCode()).isEqualTo(400);
    assertThat(
            door.send(
                    door.request("/okta", "Authorization", SECRET)
                        .PUT(BodyPublishers.ofString(BODY))
                        .build())
                .statusCode())
        .isEqualTo(405);
    assertThat(door.post("/nowhere", BODY, "Authorization", SECRET).statusCode()).isEqualTo(404);
    assertThat(published()).isEmpty();
    assertThat(door.count("/okta", "invalid")).isEqualTo(4);
    assertThat(door.count("none", "not_found")).isOne();
  }

  @Test
  @DisplayName("that was accepted is in Kafka, and each gets its answer, when the server stops")
  void stops() {
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      sent.add(
          door.client()
              .sendAsync(
                  door.request("/okta", "Authorization", SECRET)
                      .POST(BodyPublishers.ofString(BODY))
                      .build(),
                  BodyHandlers.ofString()));
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> door.count("/okta", "accepted") > 0);

    door.stop();

    long accepted =
        sent.stream()
            .filter(
                answer ->
                    answer.handle((it, gone) -> gone == null && it.statusCode() == 200).join())
            .count();
    assertThat(accepted).isPositive();
    assertThat(published()).hasSizeGreaterThanOrEqualTo((int) accepted);
    assertThat((double) accepted).isEqualTo(door.count("/okta", "accepted"));
  }
}
