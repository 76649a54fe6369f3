package io.offboarder.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A signed event that is a security event token")
class SecurityEventTokenTest extends SignatureFixture {
  private static final JOSEObjectType SET = new JOSEObjectType("secevent+jwt");

  @Test
  @DisplayName(
      "as a security event token is believed by its issuer, audience, type, age and expiry")
  void tokens() throws Exception {
    SignatureCheck check = check(List.of(new KeySet("https://idp", write("idp.json", hr))));
    assertThat(verify(check, new RecordHeaders(), token(claims(), SET), null)).isEmpty();
    byte[] expiring = token(claims().expirationTime(Date.from(ARRIVED.plusSeconds(1))), SET);
    assertThat(verify(check, new RecordHeaders(), expiring, null)).isEmpty();
    List<byte[]> wrong =
        List.of(
            token(claims().issuer("https://other"), SET),
            token(claims().audience("them"), SET),
            token(claims().audience((String) null), SET),
            token(claims(), new JOSEObjectType("JWT")),
            token(claims(), null),
            token(claims().issueTime(null), SET),
            token(claims().issueTime(Date.from(ARRIVED.minusSeconds(601))), SET),
            token(claims().issueTime(Date.from(NOW.plusSeconds(121))), SET),
            token(claims().expirationTime(Date.from(ARRIVED)), SET),
            tampered(token(claims(), SET)),
            "eyJ".getBytes(UTF_8),
            "eyJhbGciOiJub25lIn0.eyJpc3MiOiJhIn0.".getBytes(UTF_8));
    for (byte[] value : wrong) {
      assertInvalid(verify(check, new RecordHeaders(), value, null));
    }
  }

  @Test
  @DisplayName("as a token is not believed after it has waited in Kafka for too long")
  void waited() throws Exception {
    SignatureCheck later =
        new SignatureCheck(
            vertx,
            new SignatureSettings(
                Set.of("signed"), List.of(new KeySet("*", write("idp.json", hr))), TOKENS),
            Clock.fixed(ARRIVED.plus(Duration.ofDays(7)).plusSeconds(1), ZoneOffset.UTC));
    assertInvalid(verify(later, new RecordHeaders(), token(claims(), SET), null));
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer("https://idp")
        .audience(List.of("others", "us"))
        .issueTime(Date.from(ARRIVED.minusSeconds(5)))
        .jwtID("1");
  }

  private static byte[] token(JWTClaimsSet.Builder claims, @Nullable JOSEObjectType type)
      throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("hr-1").type(type).build(),
            claims.build());
    token.sign(new ECDSASigner(hr));
    return token.serialize().getBytes(UTF_8);
  }

  private static byte[] tampered(byte[] token) {
    byte[] other = token.clone();
    int payload = new String(token, UTF_8).indexOf('.') + 20;
    other[payload] = (byte) (other[payload] == 'A' ? 'B' : 'A');
    return other;
  }
}
