package io.offboarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.offboarder.signature.KeySet;
import io.offboarder.signature.SignatureSettings;
import io.offboarder.signature.TokenSettings;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import io.offboarder.webhook.WebhookSettings.Limits;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A push over HTTPS")
class WebhookServerTest {
  private static final String SECRET = "a-secret-of-the-sender";
  private static final String BODY =
      "{\"entity_uuid\":\"e-1\",\"data\":{\"employeeId\":\"77\"},\"name\":\"J\u00fcrgen\"}";
  private static final JOSEObjectType SET = new JOSEObjectType("secevent+jwt");

  private static EmbeddedBroker broker;
  private static int number;

  @TempDir static Path directory;

  private String topic;
  private Topics topics;
  private Door door;
  private ECKey issuer;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void open() throws Exception {
    topic = "hr.pushed-" + number++;
    topics = new Topics(broker.bootstrapServers());
    topics.create(topic, 1, Map.of("max.message.bytes", "8000"));
    Files.writeString(directory.resolve("secret"), SECRET + "\n");
    issuer = new ECKeyGenerator(Curve.P_256).keyID("k-1").generate();
    Files.writeString(
        directory.resolve("jwks.json"), new JWKSet(issuer.toPublicJWK()).toString(true));
    door = door(Door.LIMITS);
  }

  private Door door(Limits limits) throws Exception {
    KeySet keys = new KeySet("https://idp.example", directory.resolve("jwks.json").toUri().toURL());
    SignatureSettings tokens =
        new SignatureSettings(
            Set.of(),
            List.of(keys),
            new TokenSettings("us", Duration.ofMinutes(10), Duration.ofDays(7)));
    String endpoints =
        """
        - { path: /bamboohr, topic: TOPIC, verify: bamboohr, secret-file: SECRET }
        - { path: /hibob, topic: TOPIC, verify: hibob, secret-file: SECRET }
        - { path: /gusto, topic: TOPIC, verify: gusto, secret-file: SECRET }
        - { path: /okta, topic: TOPIC, verify: okta, secret-file: SECRET, headers: [X-Delivery] }
        - { path: /bearer, topic: TOPIC, verify: bearer, secret-file: SECRET }
        - { path: /basic, topic: TOPIC, verify: basic, user: hr, secret-file: SECRET }
        - { path: /ssf, topic: TOPIC, verify: set }
        - path: /other
          topic: TOPIC
          verify: hmac
          secret-file: SECRET
          hmac:
            header: X-Signature
            algorithm: sha512
            prefix: sha512=
            encoding: base64
            signed: timestamp-dot-body
            timestamp-header: X-Sent
        """
            .replace("TOPIC", topic)
            .replace("SECRET", directory.resolve("secret").toString());
    return Door.open(broker.bootstrapServers(), endpoints, limits, tokens, directory);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private List<ConsumerRecord<byte[], byte[]>> published() {
    return topics.committed(topic);
  }

  private static String now() {
    return String.valueOf(Instant.now().getEpochSecond());
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

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
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
  @DisplayName("that is forged is refused, and nothing of it is published")
  void forged() {
    String sent = now();
    String right = Door.hex("HmacSHA256", SECRET, BODY);
    List<HttpResponse<String>> answers =
        List.of(
            door.post("/gusto", BODY),
            door.post("/gusto", BODY, "X-Gusto-Signature", ""),
            door.post("/gusto", BODY, "X-Gusto-Signature", "not hexadecimal"),
            door.post("/gusto", BODY.replace("e-1", "e-2"), "X-Gusto-Signature", right),
            door.post("/gusto", BODY, "X-Gusto-Signature", right.substring(2)),
            door.post("/gusto", BODY, "X-Gusto-Signature", right, "X-Gusto-Signature", right),
            door.post("/gusto", BODY, "X-Gusto-Signature", Door.hex("HmacSHA256", "other", BODY)),
            door.post("/hibob", BODY, "Bob-Signature", Door.hex("HmacSHA512", SECRET, BODY)),
            door.post("/okta", BODY, "Authorization", SECRET + "x"),
            door.post("/okta", BODY),
            door.post("/bearer", BODY, "Authorization", SECRET),
            door.post("/basic", BODY, "Authorization", basic("it:" + SECRET)),
            door.post("/bamboohr", BODY, "X-BambooHR-Signature", right),
            door.post(
                "/bamboohr",
                BODY,
                "X-BambooHR-Timestamp",
                sent,
                "X-BambooHR-Signature",
                Door.hex("HmacSHA256", SECRET, BODY + (Long.parseLong(sent) + 1))));

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(401);
              assertThat(new JsonObject(answer.body()).getString("err"))
                  .isEqualTo("authentication_failed");
            });
    assertThat(published()).isEmpty();
    assertThat(door.count("/gusto", "unauthenticated")).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(longs = {-310, -86_400, 310, 100_000_000_000_000L})
  @DisplayName("that somebody sends once more later is refused where its sender signs the time")
  void replayed(long seconds) {
    String sent = String.valueOf(Instant.now().getEpochSecond() + seconds);

    HttpResponse<String> answer =
        door.post(
            "/bamboohr",
            BODY,
            "X-BambooHR-Timestamp",
            sent,
            "X-BambooHR-Signature",
            Door.hex("HmacSHA256", SECRET, BODY + sent));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(published()).isEmpty();
  }

  @Test
  @DisplayName("takes a secret that was replaced within seconds")
  void secretReplaced() throws IOException {
    Files.writeString(directory.resolve("secret"), "another-secret-of-theirs");

    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                door.post("/okta", BODY, "Authorization", "another-secret-of-theirs").statusCode()
                    == 200);

    assertThat(door.post("/okta", BODY, "Authorization", SECRET).statusCode()).isEqualTo(401);
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
  @DisplayName("gets an answer while others hold connections and send a byte now and then")
  void slow() throws Exception {
    List<SSLSocket> held = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      SSLSocket socket = door.connect();
      socket.getOutputStream().write("POST /okta HTTP/1.1\r\nHost: x\r\nX-".getBytes(UTF_8));
      held.add(socket);
    }

    assertThat(door.post("/okta", BODY, "Authorization", SECRET).statusCode()).isEqualTo(200);

    for (SSLSocket socket : held) {
      await().atMost(Duration.ofSeconds(10)).until(() -> isClosedAfterOneMoreByte(socket));
      socket.close();
    }
  }

  @Test
  @DisplayName("whose body takes too long ends its connection")
  void slowBody() throws Exception {
    try (SSLSocket socket = door.connect()) {
      socket
          .getOutputStream()
          .write(
              ("POST /okta HTTP/1.1\r\nHost: x\r\nAuthorization: "
                      + SECRET
                      + "\r\nContent-Length: 5000\r\n\r\n")
                  .getBytes(UTF_8));

      await().atMost(Duration.ofSeconds(10)).until(() -> isClosedAfterOneMoreByte(socket));
    }
    assertThat(published()).isEmpty();
  }

  /** Whether nobody reads any more what comes on a connection. */
  private static boolean isClosedAfterOneMoreByte(SSLSocket socket) throws IOException {
    try {
      OutputStream out = socket.getOutputStream();
      out.write('x');
      out.flush();
      socket.setSoTimeout(100);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
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
  @DisplayName(
      "is told to come later where a known sender sends too many; forged ones do not count")
  void tooMany() throws Exception {
    door.close();
    door = door(new Limits(10_000, 64, 32, 2, Duration.ofSeconds(2), Duration.ofSeconds(3)));
    for (int i = 0; i < 5; i++) {
      assertThat(door.post("/okta", BODY, "Authorization", "forged").statusCode()).isEqualTo(401);
    }
    List<HttpResponse<String>> answers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      answers.add(door.post("/okta", BODY, "Authorization", SECRET));
    }

    assertThat(answers.get(0).statusCode()).isEqualTo(200);
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() == 429)
        .isNotEmpty()
        .allSatisfy(answer -> assertThat(answer.headers().firstValue("Retry-After")).contains("1"));
    assertThat(published())
        .hasSize((int) answers.stream().filter(it -> it.statusCode() == 200).count());
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

  @Test
  @DisplayName("is taken while strangers send as many others as are worked on, slowly")
  void slowStrangers() throws Exception {
    door.close();
    door = door(new Limits(10_000, 4, 64, 100, Duration.ofSeconds(20), Duration.ofSeconds(6)));
    List<SSLSocket> held = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SSLSocket socket = door.connect();
      socket
          .getOutputStream()
          .write(
              "POST /gusto HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nx".getBytes(UTF_8));
      held.add(socket);
    }

    for (int i = 0; i < 10; i++) {
      assertThat(door.post("/okta", BODY, "Authorization", SECRET).statusCode()).isEqualTo(200);
    }

    for (SSLSocket socket : held) {
      socket.close();
    }
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

  private String token(ECKey key, String audience, String from, Instant issued) throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).type(SET).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer(from)
                .audience(audience)
                .issueTime(Date.from(issued))
                .jwtID("j-1")
                .claim("events", Map.of())
                .build());
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }

  @Test
  @DisplayName("of a security event is answered as RFC 8935 says")
  void securityEvents() throws Exception {
    Instant now = Instant.now();
    ECKey forger = new ECKeyGenerator(Curve.P_256).keyID("k-1").generate();
    String right = token(issuer, "us", "https://idp.example", now);
    HttpResponse<String> accepted =
        door.post("/ssf", right, "Content-Type", "application/secevent+jwt");

    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(accepted.body()).isEmpty();
    assertThat(published()).extracting(it -> new String(it.value(), UTF_8)).containsExactly(right);
    Map<String, String> wrong =
        Map.of(
            token(issuer, "others", "https://idp.example", now),
            "invalid_audience",
            token(issuer, "us", "https://other.example", now),
            "invalid_issuer",
            token(forger, "us", "https://idp.example", now),
            "invalid_key",
            token(issuer, "us", "https://idp.example", now.minusSeconds(601)),
            "invalid_request",
            token(issuer, "us", "https://idp.example", now.plusSeconds(600)),
            "invalid_request",
            "{\"sub\":\"unsigned\"}",
            "invalid_request");
    wrong.forEach(
        (body, err) -> {
          HttpResponse<String> answer =
              door.post("/ssf", body, "Content-Type", "application/secevent+jwt");
          assertThat(answer.statusCode()).as(err).isEqualTo(400);
          JsonObject error = new JsonObject(answer.body());
          assertThat(error.getString("err")).isEqualTo(err);
          assertThat(error.getString("description")).isNotBlank();
          assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        });
    assertThat(published()).hasSize(1);
  }

  @Test
  @DisplayName("of a security event waits for keys that cannot be read: 503, not refused")
  void keysAway() throws Exception {
    door.close();
    Files.delete(directory.resolve("jwks.json"));
    door = door(Door.LIMITS);

    HttpResponse<String> answer =
        door.post("/ssf", token(issuer, "us", "https://idp.example", Instant.now()));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
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
