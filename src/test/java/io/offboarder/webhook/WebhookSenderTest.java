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
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A push over HTTPS, by who sent it")
class WebhookSenderTest extends WebhookFixture {
  private static final JOSEObjectType SET = new JOSEObjectType("secevent+jwt");

  WebhookSenderTest() {
    super(EmbeddedBroker.shared());
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
}
