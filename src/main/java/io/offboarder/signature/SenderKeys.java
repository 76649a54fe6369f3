package io.offboarder.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.offboarder.signature.SignatureFault.About;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of all senders. A key set is kept for five minutes, or for a day while its location does
 * not answer; an unknown key id makes it be read again, at most every 30 s. Thread-safe.
 */
final class SenderKeys {
  private static final int MAX_KEY_SET_BYTES = 512 << 10;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration KEEP_IN_OUTAGE = Duration.ofDays(1);

  /** Public keys alone: a key that can verify must not be able to sign. */
  private final Set<JWSAlgorithm> algorithms =
      Set.of(
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512);

  private final List<Keys> senders;

  /** Reads no key yet. */
  SenderKeys(List<KeySet> sets) {
    this.senders = sets.stream().map(set -> new Keys(set, source(set))).toList();
  }

  private record Keys(KeySet set, JWKSource<SecurityContext> source) {}

  private static JWKSource<SecurityContext> source(KeySet set) {
    DefaultResourceRetriever bounded =
        new DefaultResourceRetriever(
            (int) CONNECT_TIMEOUT.toMillis(), (int) READ_TIMEOUT.toMillis(), MAX_KEY_SET_BYTES);
    return JWKSourceBuilder.<SecurityContext>create(set.location(), bounded)
        .refreshAheadCache(false)
        .retrying(true)
        .outageTolerant(KEEP_IN_OUTAGE.toMillis())
        .build();
  }

  /**
   * Says what is wrong with a signature; empty if a key of its sender made it. Blocks while keys
   * are read.
   *
   * @param field to name in a fault
   * @param sender the event's source, or the token's issuer
   * @throws KeysUnavailableException if that cannot be known now
   */
  Optional<SignatureFault> verify(JWSObject signed, String field, @Nullable String sender) {
    if (!algorithms.contains(signed.getHeader().getAlgorithm())) {
      return Optional.of(
          SignatureFault.invalid(
              About.KEY,
              field,
              "had an alg that is not allowed",
              "one of ES, PS and RS, 256 to 512"));
    }
    List<Keys> candidates = senders.stream().filter(any -> any.set().maySign(sender)).toList();
    if (candidates.isEmpty()) {
      return Optional.of(
          SignatureFault.invalid(
              About.ISSUER,
              field,
              "was of a sender that has no keys here",
              "a sender in signatures.keys"));
    }
    KeysUnavailableException unavailable = null;
    for (Keys candidate : candidates) {
      try {
        if (isSignedBy(candidate, signed)) {
          return Optional.empty();
        }
      } catch (KeySourceException e) {
        unavailable = new KeysUnavailableException(candidate.set(), e);
      }
    }
    if (unavailable != null) {
      throw unavailable;
    }
    return Optional.of(
        SignatureFault.invalid(
            About.KEY,
            field,
            "did not hold for this value and its sender's keys",
            "a signature over the record's value with a key of its sender"));
  }

  private boolean isSignedBy(Keys candidate, JWSObject signed) throws KeySourceException {
    JWSHeader header = signed.getHeader();
    JWSVerificationKeySelector<SecurityContext> selector =
        new JWSVerificationKeySelector<>(algorithms, candidate.source());
    try {
      for (Key key : selector.selectJWSKeys(header, null)) {
        if (signed.verify(new DefaultJWSVerifierFactory().createJWSVerifier(header, key))) {
          return true;
        }
      }
      return false;
    } catch (KeySourceException e) {
      throw e;
    } catch (JOSEException keyOfAnotherKind) {
      return false;
    }
  }
}
