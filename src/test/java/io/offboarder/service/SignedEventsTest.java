package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.ops.ServiceMetrics;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.signature.KeySet;
import io.offboarder.signature.SignatureCheck;
import io.offboarder.signature.SignatureSettings;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
          with(
              company.service(sandbox, Map.of()),
              new SignatureSettings(
                  Set.of(company.terminated()), List.of(KeySet.parse(HR + "=" + keys))));

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

  private static ServiceSettings with(ServiceSettings usual, SignatureSettings signatures) {
    return new ServiceSettings(
        usual.stream(),
        usual.webex(),
        usual.outcomeTopic(),
        usual.deadLetterTopic(),
        usual.cases(),
        usual.deadLetters(),
        signatures,
        usual.decoder(),
        usual.policy(),
        usual.stopTimeout(),
        usual.privacy());
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
