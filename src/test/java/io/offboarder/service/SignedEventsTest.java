package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.intake.IntakeRules;
import io.offboarder.ops.ServiceMetrics;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.signature.KeySet;
import io.offboarder.signature.SignatureCheck;
import io.offboarder.signature.SignatureSettings;
import io.offboarder.signature.TokenSettings;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("On a topic that asks for signatures")
class SignedEventsTest {
  private static final String HR = "/hr";
  private static final String IDP = "https://idp.example.com/";
  private static final String DISABLED =
      "https://schemas.openid.net/secevent/risc/event-type/account-disabled";

  @TempDir Path directory;

  @Test
  @DisplayName(
      "a signed event is acted on, others are rejected and counted, other topics are not asked")
  void signed() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("hr-1").generate();
    Vertx vertx = Vertx.vertx();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ServiceMetrics metrics = new ServiceMetrics(registry);
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      WebexSandbox sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
      SandboxApp app = sandbox.newApp("Slides");
      Company company = Company.on(broker.bootstrapServers(), "signed", 1);
      Path keys = directory.resolve("hr.json");
      Files.writeString(keys, new JWKSet(key).toString(true));
      ServiceSettings settings =
          company.service(sandbox, Map.of()).toBuilder()
              .signatures(
                  new SignatureSettings(
                      Set.of(company.terminated()),
                      List.of(KeySet.parse(HR + "=" + keys)),
                      TokenSettings.NONE))
              .build();

      SandboxPerson ann = sandbox.addPerson("ann@example.com");
      SandboxPerson bob = sandbox.addPerson("bob@example.com");
      sandbox.authorize(ann, app, 1);
      List<SandboxAuthorization> bobs = sandbox.authorize(bob, app, 1);
      SandboxPerson eve = sandbox.addPerson("eve@example.com");
      sandbox.authorize(eve, app, 1);
      byte[] anns = leaver("e-ann", ann);
      publish(company, company.terminated(), anns, signature(key, anns));
      publish(company, company.terminated(), leaver("e-unsigned", bob), null);
      publish(company, company.terminated(), leaver("e-forged", bob), signature(key, anns));
      publish(company, company.decommissioned(), leaver("e-elsewhere", eve), null);
      vertx
          .deployVerticle(
              new OffboardingVerticle(settings, Clock.systemUTC(), metrics, EventTracing.NONE))
          .await();

      Map<String, JsonNode> outcomes = company.awaitOutcomes(4);

      assertThat(outcomes.get("e-ann").path("status").asText()).isEqualTo("revoked");
      assertThat(outcomes.get("e-elsewhere").path("status").asText()).isEqualTo("revoked");
      assertRejected(outcomes.get("e-unsigned"), "unsigned");
      assertRejected(outcomes.get("e-forged"), "invalid_signature");
      assertThat(outcomes.get("e-forged").at("/subject/personId").asText()).isEqualTo(bob.id());
      assertThat(sandbox.live()).containsExactlyInAnyOrderElementsOf(bobs);
      for (String reason : List.of("unsigned", "invalid_signature")) {
        assertThat(
                registry
                    .get("offboarder.signatures.refused")
                    .tag("reason", reason)
                    .counter()
                    .count())
            .isEqualTo(1);
      }
    } finally {
      vertx.close().await();
    }
  }

  @Test
  @DisplayName(
      "security event tokens end access when their issuer's key signed them, and only then")
  void tokens() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("idp-1").generate();
    ECKey other = new ECKeyGenerator(Curve.P_256).keyID("idp-1").generate();
    Vertx vertx = Vertx.vertx();
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      WebexSandbox sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
      SandboxApp app = sandbox.newApp("Slides");
      Company company = Company.on(broker.bootstrapServers(), "tokens", 1);
      Path keys = directory.resolve("idp.json");
      Path table = directory.resolve("subjects.csv");
      Files.writeString(keys, new JWKSet(key).toString(true));
      Files.writeString(table, "subject,email\n");
      ServiceSettings settings =
          company.service(sandbox, Map.of()).toBuilder()
              .signatures(
                  new SignatureSettings(
                      Set.of(company.terminated()),
                      List.of(KeySet.parse(IDP + "=" + keys)),
                      new TokenSettings("offboarder", Duration.ofMinutes(10), Duration.ofDays(7))))
              .intake(
                  new IntakeSettings(
                      IntakeRules.read(
                          "[{preset: ssf, tables: {subjects: {file: %s, key: subject, value: email}}}]"
                              .formatted(table),
                          "intake"),
                      null))
              .build();
      sandbox.authorize(sandbox.addPerson("ann@example.com"), app, 1);
      SandboxPerson bob = sandbox.addPerson("bob@example.com");
      List<SandboxAuthorization> bobs = sandbox.authorize(bob, app, 1);
      publish(company, company.terminated(), token(key, "e-ann", "ann@example.com"), null);
      publish(company, company.terminated(), token(other, "e-forged", "bob@example.com"), null);
      JWTClaimsSet bare = claims("e-bare", "bob@example.com");
      publish(company, company.terminated(), bare.toString().getBytes(UTF_8), null);
      vertx
          .deployVerticle(
              new OffboardingVerticle(
                  settings, Clock.systemUTC(), ServiceListener.NONE, EventTracing.NONE))
          .await();

      Map<String, JsonNode> outcomes = company.awaitOutcomes(3);

      assertThat(outcomes.get("e-ann").path("status").asText()).isEqualTo("revoked");
      assertThat(outcomes.get("e-forged").at("/error/code").asText())
          .isEqualTo("invalid_signature");
      assertThat(outcomes.get("e-bare").at("/error/code").asText()).isEqualTo("unsigned");
      assertThat(sandbox.live()).containsExactlyInAnyOrderElementsOf(bobs);
    } finally {
      vertx.close().await();
    }
  }

  private static JWTClaimsSet claims(String id, String email) {
    return new JWTClaimsSet.Builder()
        .issuer(IDP)
        .audience("offboarder")
        .issueTime(Date.from(Instant.now()))
        .jwtID(id)
        .claim("sub_id", Map.of("format", "email", "email", email))
        .claim("events", Map.of(DISABLED, Map.of()))
        .build();
  }

  private static byte[] token(ECKey key, String id, String email) throws JOSEException {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID(key.getKeyID())
            .type(new JOSEObjectType("secevent+jwt"))
            .build();
    SignedJWT token = new SignedJWT(header, claims(id, email));
    token.sign(new ECDSASigner(key));
    return token.serialize().getBytes(UTF_8);
  }

  private static void publish(
      Company company, String topic, byte[] value, @Nullable String signature) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, value);
    if (signature != null) {
      record.headers().add(SignatureCheck.HEADER, signature.getBytes(UTF_8));
    }
    company.topics().publish(List.of(record));
  }

  private static void assertRejected(JsonNode outcome, String code) {
    assertThat(outcome.path("status").asText()).isEqualTo("rejected");
    assertThat(outcome.at("/error/code").asText()).isEqualTo(code);
    assertThat(outcome.at("/error/field").asText()).isEqualTo(SignatureCheck.HEADER);
    assertThat(outcome.path("authorizations")).isEmpty();
  }

  private static byte[] leaver(String id, SandboxPerson person) {
    return Company.event(id, "user-terminated", Map.of("personId", person.id()))
        .put("source", HR)
        .toString()
        .getBytes(UTF_8);
  }

  private static String signature(ECKey key, byte[] value) throws JOSEException {
    JWSObject jws =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
            new Payload(value));
    jws.sign(new ECDSASigner(key));
    return jws.serialize(true);
  }
}
