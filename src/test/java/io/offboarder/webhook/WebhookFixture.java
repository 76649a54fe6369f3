package io.offboarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.offboarder.signature.KeySet;
import io.offboarder.signature.SignatureSettings;
import io.offboarder.signature.TokenSettings;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import io.offboarder.webhook.WebhookSettings.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A webhook server with an endpoint for each way in which senders prove who they are. */
abstract class WebhookFixture {
  static final String SECRET = "a-secret-of-the-sender";
  static final String BODY =
      "{\"entity_uuid\":\"e-1\",\"data\":{\"employeeId\":\"77\"},\"name\":\"J\u00fcrgen\"}";

  private static int number;

  private final EmbeddedBroker broker;

  @TempDir static Path directory;

  private String topic;
  private Topics topics;
  Door door;
  ECKey issuer;

  WebhookFixture(EmbeddedBroker broker) {
    this.broker = broker;
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

  Door door(Limits limits) throws Exception {
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

  List<ConsumerRecord<byte[], byte[]>> published() {
    return topics.committed(topic);
  }

  static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  static String now() {
    return String.valueOf(Instant.now().getEpochSecond());
  }
}
