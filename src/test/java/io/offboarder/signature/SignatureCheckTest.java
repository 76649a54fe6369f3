package io.offboarder.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import io.offboarder.signature.SignatureFault.Kind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A signed event")
class SignatureCheckTest extends SignatureFixture {
  @Test
  @DisplayName("is believed when a key of its source signed its value")
  void right() throws Exception {
    SignatureCheck check = check();
    assertThat(verify(check, signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, HR)).isEmpty();
    assertThat(verify(check, signed(it, JWSAlgorithm.PS256, VALUE), VALUE, null)).isEmpty();
    assertThat(verify(check, signed(it, JWSAlgorithm.RS256, VALUE), VALUE, HR)).isEmpty();
  }

  @Test
  @DisplayName("is checked once for its record, however many events that has")
  void onceForARecord() throws Exception {
    SignatureCheck check = check();
    ConsumerRecord<byte[], byte[]> record = record(signed(hr, JWSAlgorithm.ES256, VALUE), VALUE);

    List<Future<?>> verdicts = new ArrayList<>();
    get(
        onLoop(
            () -> {
              verdicts.add(check.verify(record, HR));
              verdicts.add(check.verify(record, HR));
              return Future.succeededFuture();
            }));

    assertThat(verdicts.get(0)).isSameAs(verdicts.get(1));
    assertThat(get(onLoop(() -> check.verify(record, HR)))).isEmpty();
    assertThat(get(onLoop(() -> check.verify(record, "/somebody/else")))).isPresent();
  }

  @Test
  @DisplayName("is not checked where its value is longer than an event is")
  void tooLong() throws Exception {
    byte[] longest = new byte[256 << 10];
    byte[] longer = new byte[longest.length + 1];
    SignatureCheck check = check();

    assertThat(verify(check, signed(hr, JWSAlgorithm.ES256, longest), longest, HR)).isEmpty();
    assertThat(verify(check, signed(hr, JWSAlgorithm.ES256, longer), longer, HR))
        .hasValueSatisfying(
            fault -> assertThat(fault.was()).isEqualTo("was longer than 262144 bytes"));
  }

  @Test
  @DisplayName("is believed when it was signed without encoding its value (RFC 7797)")
  void unencoded() throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID("hr-1")
            .base64URLEncodePayload(false)
            .criticalParams(Set.of("b64"))
            .build();
    assertThat(verify(check(), signed(new ECDSASigner(hr), header, VALUE), VALUE, HR)).isEmpty();
  }

  @Test
  @DisplayName("is not believed without a signature")
  void unsigned() throws Exception {
    assertThat(verify(check(), new RecordHeaders(), VALUE, HR))
        .map(SignatureFault::kind)
        .contains(Kind.UNSIGNED);
  }

  @Test
  @DisplayName("is not believed when any bit of its value or signature is another")
  void tampered() throws Exception {
    SignatureCheck check = check(List.of(new KeySet(HR, write("hr.json", hr))));
    Random random = new Random(7);
    String signature = text(signed(hr, JWSAlgorithm.ES256, VALUE));
    for (int i = 0; i < 300; i++) {
      byte[] value = VALUE.clone();
      value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
      assertThat(verify(check, headers(signature), value, HR)).isPresent();
      StringBuilder forged = new StringBuilder(signature);
      // The last character has bits that no byte is made of.
      int at = random.nextInt(signature.indexOf(".."), forged.length() - 1);
      forged.setCharAt(at, (char) (forged.charAt(at) ^ (1 << random.nextInt(5))));
      assertThat(verify(check, headers(forged.toString()), VALUE, HR)).as("%s", forged).isPresent();
    }
  }

  @Test
  @DisplayName("is not believed when another sender's key signed it")
  void anotherSource() throws Exception {
    SignatureCheck check =
        check(
            List.of(
                new KeySet(HR, write("hr.json", hr)),
                new KeySet("/it", write("it.json", it.toPublicJWK()))));
    assertInvalid(verify(check, signed(other, JWSAlgorithm.ES256, VALUE), VALUE, HR));
    assertInvalid(verify(check, signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, "/it"));
    assertInvalid(verify(check, signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, "/hr/other"));
    assertInvalid(verify(check, signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, null));
  }

  @Test
  @DisplayName("is not believed when the public key was taken for a shared secret, or alg is none")
  void confusedAlgorithm() throws Exception {
    byte[] secret = hr.toPublicJWK().toJSONString().getBytes(UTF_8);
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("hr-1").build();
    assertInvalid(verify(check(), signed(new MACSigner(secret), header, VALUE), VALUE, HR));
    assertInvalid(verify(check(), headers("eyJhbGciOiJub25lIn0.."), VALUE, HR));
  }

  @Test
  @DisplayName("is not believed by a key that it brings along, names by a path, or leaves out")
  void broughtKey() throws Exception {
    JWSHeader.Builder own = new JWSHeader.Builder(JWSAlgorithm.ES256);
    List<JWSHeader> forged =
        List.of(
            own.keyID("hr-1").jwk(other.toPublicJWK()).build(),
            own.keyID("hr-1").jwkURL(write("evil.json", other).toURI()).build(),
            own.keyID("../evil.json").build(),
            own.keyID(write("evil.json", other).getPath()).build(),
            own.keyID("hr-1\u0000").build(),
            new JWSHeader.Builder(JWSAlgorithm.ES256).build());
    for (JWSHeader header : forged) {
      Headers headers = signed(new ECDSASigner(other), header, VALUE);
      assertInvalid(verify(check(), headers, VALUE, HR));
    }
  }

  @Test
  @DisplayName("is not believed with a signature of nothing but zeros, or with headers to heed")
  void emptyOrCritical() throws Exception {
    String right = text(signed(hr, JWSAlgorithm.ES256, VALUE));
    String zeros = Base64URL.encode(new byte[64]).toString();
    String head = right.substring(0, right.indexOf('.'));
    assertInvalid(verify(check(), headers(head + ".." + zeros), VALUE, HR));
    assertInvalid(verify(check(), headers(head + ".."), VALUE, HR));
    JWSHeader critical =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID("hr-1")
            .criticalParams(Set.of("exp"))
            .customParam("exp", 1)
            .build();
    assertInvalid(verify(check(), signed(new ECDSASigner(hr), critical, VALUE), VALUE, HR));
    String attached = signed(hr, VALUE).serialize();
    assertInvalid(verify(check(), headers(attached), VALUE, HR));
    String swapped = attached.replaceFirst("\\.[^.]*\\.", "..");
    byte[] another = "{\"id\":\"2\",\"source\":\"/hr/workday\"}".getBytes(UTF_8);
    assertThat(verify(check(), headers(swapped), VALUE, HR)).isEmpty();
    assertInvalid(verify(check(), headers(swapped), another, HR));
  }

  private static JWSObject signed(ECKey key, byte[] value) throws JOSEException {
    JWSObject object =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
            new Payload(value));
    object.sign(new ECDSASigner(key));
    return object;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce_type", "ce-id", "CE_source", "ce_time", "ce_specversion"})
  @DisplayName("is not believed when attributes stand in headers, which no signature covers")
  void binaryMode(String name) throws Exception {
    Headers headers = signed(hr, JWSAlgorithm.ES256, VALUE).add(name, "app".getBytes(UTF_8));
    assertInvalid(verify(check(), headers, VALUE, HR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a..b", "..", "a.b.c", "\u0000..\ud800"})
  @DisplayName("is not believed when its header holds something else")
  void garbage(String text) throws Exception {
    assertThat(verify(check(), headers(text), VALUE, HR)).isPresent();
    assertThat(verify(check(), headers("x".repeat(100_000)), VALUE, HR)).isPresent();
  }

  @Test
  @DisplayName("is not believed when it has two signatures, one of them right")
  void twice() throws Exception {
    Headers headers = signed(hr, JWSAlgorithm.ES256, VALUE);
    headers.add(SignatureCheck.HEADER, headers.lastHeader(SignatureCheck.HEADER).value());
    assertInvalid(verify(check(), headers, VALUE, HR));
  }

  @Test
  @DisplayName("is asked of the configured topics alone")
  void topics() throws Exception {
    assertThat(check().isRequired("signed")).isTrue();
    assertThat(check().isRequired("others")).isFalse();
  }
}
