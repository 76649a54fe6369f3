package io.offboarder.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.offboarder.signature.SenderKeys.IfJustRead;
import io.offboarder.signature.SignatureFault.About;
import io.vertx.core.Future;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/**
 * A record's value that is a security event token: a signed JWT of the type {@code secevent+jwt}
 * (RFC 8417).
 */
final class SecurityToken {
  /** How a JWT begins: its header is a JSON object in Base64. */
  private static final String BEGINS = "eyJ";

  private static final String FIELD = "value";
  private static final Duration SKEW = Duration.ofMinutes(2);

  private SecurityToken() {}

  /** Whether a value can be nothing else. */
  static boolean isOne(byte[] value) {
    String head = new String(value, 0, Math.min(value.length, BEGINS.length()), US_ASCII);
    return head.equals(BEGINS);
  }

  /**
   * Says what is wrong with a token.
   *
   * @param arrived when Kafka took it in
   */
  static Future<Optional<SignatureFault>> verify(
      SenderKeys keys,
      TokenSettings settings,
      byte[] value,
      Instant arrived,
      Instant now,
      IfJustRead ifJustRead) {
    SignedJWT token;
    JWTClaimsSet claims;
    try {
      token = SignedJWT.parse(new String(value, US_ASCII).strip());
      claims = token.getJWTClaimsSet();
    } catch (ParseException | IllegalArgumentException e) {
      return invalid("was not a signed JWT", "a security event token");
    }
    JOSEObjectType type = token.getHeader().getType();
    if (!isSecurityEvent(type)) {
      return invalid("was a JWT of another type", "one of the type secevent+jwt");
    }
    if (settings.audience() == null || !claims.getAudience().contains(settings.audience())) {
      return Future.succeededFuture(
          Optional.of(
              SignatureFault.invalid(
                  About.AUDIENCE,
                  FIELD,
                  "was a token for another audience",
                  "signatures.token-audience in aud")));
    }
    Date issued = claims.getIssueTime();
    if (issued == null || issued.toInstant().isAfter(now.plus(SKEW))) {
      return invalid("was a token of no time or of the future", "a time in iat that has passed");
    }
    if (Duration.between(issued.toInstant(), arrived).compareTo(settings.maxAge()) > 0) {
      return invalid(
          "was a token that was old when it reached Kafka",
          "one issued at most " + settings.maxAge().toSeconds() + " s before");
    }
    Date expires = claims.getExpirationTime();
    if (expires != null && !arrived.isBefore(expires.toInstant())) {
      return invalid("was a token that had expired when it reached Kafka", "an exp after that");
    }
    if (Duration.between(arrived, now).compareTo(settings.maxWait()) > 0) {
      return invalid(
          "was a token that has waited in Kafka",
          "one that came at most " + settings.maxWait().toSeconds() + " s ago");
    }
    return keys.verify(token, FIELD, claims.getIssuer(), ifJustRead);
  }

  private static boolean isSecurityEvent(JOSEObjectType type) {
    String name = type == null ? "" : type.getType().toLowerCase(java.util.Locale.ROOT);
    return name.equals("secevent+jwt") || name.equals("application/secevent+jwt");
  }

  private static Future<Optional<SignatureFault>> invalid(String was, String expected) {
    return Future.succeededFuture(Optional.of(SignatureFault.invalid(FIELD, was, expected)));
  }
}
