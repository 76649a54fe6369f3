package io.offboarder.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.offboarder.signature.SignatureFault.Kind;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A signed event")
class SignatureCheckTest {
  private static final String HR = "/hr/workday";
  private static final byte[] VALUE = "{\"id\":\"1\",\"source\":\"/hr/workday\"}".getBytes(UTF_8);

  private static ECKey hr;
  private static ECKey other;
  private static RSAKey it;

  @TempDir Path directory;

  @BeforeAll
  static void keys() throws JOSEException {
    hr = new ECKeyGenerator(Curve.P_256).keyID("hr-1").generate();
    other = new ECKeyGenerator(Curve.P_256).keyID("hr-1").generate();
    it = new RSAKeyGenerator(2048).keyID("it-1").generate();
  }

  @Test
  @DisplayName("is believed when a key of its source signed its value")
  void right() throws Exception {
    SignatureCheck check = check();
    assertThat(check.verify(signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, HR)).isEmpty();
    assertThat(check.verify(signed(it, JWSAlgorithm.PS256, VALUE), VALUE, null)).isEmpty();
    assertThat(check.verify(signed(it, JWSAlgorithm.RS256, VALUE), VALUE, HR)).isEmpty();
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
    assertThat(check().verify(signed(new ECDSASigner(hr), header, VALUE), VALUE, HR)).isEmpty();
  }

  @Test
  @DisplayName("is not believed without a signature")
  void unsigned() throws Exception {
    assertThat(check().verify(new RecordHeaders(), VALUE, HR))
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
      assertThat(check.verify(headers(signature), value, HR)).isPresent();
      StringBuilder forged = new StringBuilder(signature);
      // The last character has bits that no byte is made of.
      int at = random.nextInt(signature.indexOf(".."), forged.length() - 1);
      forged.setCharAt(at, (char) (forged.charAt(at) ^ (1 << random.nextInt(5))));
      assertThat(check.verify(headers(forged.toString()), VALUE, HR)).as("%s", forged).isPresent();
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
    assertInvalid(check.verify(signed(other, JWSAlgorithm.ES256, VALUE), VALUE, HR));
    assertInvalid(check.verify(signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, "/it"));
    assertInvalid(check.verify(signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, "/hr/other"));
    assertInvalid(check.verify(signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, null));
  }

  @Test
  @DisplayName("is not believed when the public key was taken for a shared secret, or alg is none")
  void confusedAlgorithm() throws Exception {
    byte[] secret = hr.toPublicJWK().toJSONString().getBytes(UTF_8);
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("hr-1").build();
    assertInvalid(check().verify(signed(new MACSigner(secret), header, VALUE), VALUE, HR));
    assertInvalid(check().verify(headers("eyJhbGciOiJub25lIn0.."), VALUE, HR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce_type", "ce-id", "CE_source", "ce_time", "ce_specversion"})
  @DisplayName("is not believed when attributes stand in headers, which no signature covers")
  void binaryMode(String name) throws Exception {
    Headers headers = signed(hr, JWSAlgorithm.ES256, VALUE).add(name, "app".getBytes(UTF_8));
    assertInvalid(check().verify(headers, VALUE, HR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a..b", "..", "a.b.c", "\u0000..\ud800"})
  @DisplayName("is not believed when its header holds something else")
  void garbage(String text) throws Exception {
    assertThat(check().verify(headers(text), VALUE, HR)).isPresent();
    assertThat(check().verify(headers("x".repeat(100_000)), VALUE, HR)).isPresent();
  }

  @Test
  @DisplayName("is not believed when it has two signatures, one of them right")
  void twice() throws Exception {
    Headers headers = signed(hr, JWSAlgorithm.ES256, VALUE);
    headers.add(SignatureCheck.HEADER, headers.lastHeader(SignatureCheck.HEADER).value());
    assertInvalid(check().verify(headers, VALUE, HR));
  }

  @Test
  @DisplayName("waits while the keys cannot be read, and is believed once they can")
  void keysLater() throws Exception {
    Path file = directory.resolve("later.json");
    SignatureCheck check = check(List.of(new KeySet(HR, file.toUri().toURL())));
    Headers headers = signed(hr, JWSAlgorithm.ES256, VALUE);
    assertThatThrownBy(() -> check.verify(headers, VALUE, HR))
        .isInstanceOf(KeysUnavailableException.class);
    write("later.json", hr);
    assertThat(check.verify(headers, VALUE, HR)).isEmpty();
  }

  @Test
  @DisplayName("waits while its key is unknown and the keys were fetched a moment ago")
  void keyRotated() throws Exception {
    SignatureCheck check = check(List.of(new KeySet("*", write("any.json", it))));
    Headers forged = signed(hr, JWSAlgorithm.ES256, VALUE);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 5; i++) {
                check.verify(forged, VALUE, HR);
              }
            })
        .isInstanceOf(KeysUnavailableException.class);
    assertThat(check.verify(signed(it, JWSAlgorithm.PS256, VALUE), VALUE, HR)).isEmpty();
  }

  @Test
  @DisplayName("is asked of the configured topics alone")
  void topics() throws Exception {
    assertThat(check().isRequired("signed")).isTrue();
    assertThat(check().isRequired("others")).isFalse();
  }

  @Test
  @DisplayName("has keys in a file or behind https")
  void locations() {
    assertThat(KeySet.parse("/hr/workday = keys.json").location()).hasProtocol("file");
    assertThat(KeySet.parse("*=https://hr.example.com/jwks?a=b").location())
        .hasToString("https://hr.example.com/jwks?a=b");
    for (String wrong :
        List.of("", "keys.json", "=keys.json", "hr=", "hr=http://a/b", "hr=ftp://a")) {
      assertThatThrownBy(() -> KeySet.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static void assertInvalid(Optional<SignatureFault> fault) {
    assertThat(fault).map(SignatureFault::kind).contains(Kind.INVALID_SIGNATURE);
  }

  private SignatureCheck check() throws IOException {
    return check(
        List.of(new KeySet(HR, write("hr.json", hr)), new KeySet("*", write("any.json", it))));
  }

  private static SignatureCheck check(List<KeySet> sets) {
    return new SignatureCheck(new SignatureSettings(Set.of("signed"), sets));
  }

  private URL write(String name, JWK key) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, new JWKSet(key).toString(true));
    return file.toUri().toURL();
  }

  private static Headers signed(JWK key, JWSAlgorithm algorithm, byte[] value)
      throws JOSEException {
    JWSSigner signer =
        key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner((RSAKey) key);
    return signed(signer, new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), value);
  }

  private static Headers signed(JWSSigner signer, JWSHeader header, byte[] value)
      throws JOSEException {
    JWSObject object = new JWSObject(header, new Payload(value));
    object.sign(signer);
    return headers(object.serialize(true));
  }

  private static Headers headers(@Nullable String signature) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(SignatureCheck.HEADER, signature == null ? null : signature.getBytes(UTF_8));
    return headers;
  }

  private static String text(Headers headers) {
    return new String(headers.lastHeader(SignatureCheck.HEADER).value(), UTF_8);
  }
}
