package io.offboarder.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.offboarder.signature.SignatureFault.Kind;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Checks the detached JWS (RFC 7515, appendix F) that a sender puts beside an event: a compact
 * serialization with an empty payload, made over the record's value, byte for byte, in the header
 * {@value #HEADER}.
 *
 * <p>Keys are fetched when they are needed and kept for five minutes, or for a day while their
 * location does not answer. An unknown key id makes them be fetched again, at most every 30 s.
 * Thread-safe; {@link #verify} blocks.
 */
public final class SignatureCheck {
  /** The record header that holds the signature. */
  public static final String HEADER = "jws-signature";

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

  private static final Pattern ATTRIBUTE =
      Pattern.compile("(?i)ce[_-](specversion|id|source|type|time)");

  private static final int MAX_SIGNATURE_BYTES = 16 << 10;
  private static final int MAX_KEY_SET_BYTES = 512 << 10;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration KEEP_IN_OUTAGE = Duration.ofDays(1);

  private static final String EXPECTED =
      "a detached JWS over the record's value, signed with a key of the event's source";

  private final Set<String> topics;
  private final List<Keys> keys;

  /** A check by these settings; reads no key yet. */
  public SignatureCheck(SignatureSettings settings) {
    this.topics = settings.topics();
    this.keys = settings.keySets().stream().map(Keys::new).toList();
  }

  /** The keys of one sender, which the library keeps fresh. */
  private record Keys(KeySet set, JWKSource<SecurityContext> source) {
    Keys(KeySet set) {
      this(
          set,
          JWKSourceBuilder.<SecurityContext>create(
                  set.location(),
                  new DefaultResourceRetriever(
                      (int) CONNECT_TIMEOUT.toMillis(),
                      (int) READ_TIMEOUT.toMillis(),
                      MAX_KEY_SET_BYTES))
              .refreshAheadCache(false)
              .retrying(true)
              .outageTolerant(KEEP_IN_OUTAGE.toMillis())
              .build());
    }
  }

  /** Whether events on this topic must be signed. */
  public boolean isRequired(String topic) {
    return topics.contains(topic);
  }

  /**
   * Says what is wrong with an event's signature; empty if it is right. Blocks while keys are
   * fetched, for some seconds at most.
   *
   * @param source of the event, as its value says
   * @throws KeysUnavailableException if that cannot be known now; to be tried again
   */
  public Optional<SignatureFault> verify(Headers headers, byte[] value, @Nullable String source) {
    for (Header header : headers) {
      if (ATTRIBUTE.matcher(header.key()).matches()) {
        return Optional.of(
            invalid(
                header.key(),
                "was there, which no signature covers",
                "an event in structured mode, whose attributes are in the signed value"));
      }
    }
    List<Header> signatures = new ArrayList<>();
    headers.headers(HEADER).forEach(signatures::add);
    if (signatures.isEmpty() || signatures.get(0).value() == null) {
      return Optional.of(new SignatureFault(Kind.UNSIGNED, HEADER, "was missing", EXPECTED));
    }
    if (signatures.size() > 1 || signatures.get(0).value().length > MAX_SIGNATURE_BYTES) {
      return Optional.of(
          invalid(HEADER, signatures.size() > 1 ? "was there twice" : "was too long", EXPECTED));
    }
    String text = new String(signatures.get(0).value(), StandardCharsets.US_ASCII).strip();
    if (!text.contains("..")) {
      return Optional.of(invalid(HEADER, "was not a JWS without its payload", EXPECTED));
    }
    try {
      return verify(JWSObject.parse(text, new Payload(value)), source);
    } catch (ParseException | IllegalArgumentException e) {
      return Optional.of(invalid(HEADER, "was not a JWS", EXPECTED));
    }
  }

  private Optional<SignatureFault> verify(JWSObject signed, @Nullable String source) {
    JWSHeader header = signed.getHeader();
    if (!algorithms.contains(header.getAlgorithm())) {
      return Optional.of(
          invalid(HEADER, "had an alg that is not allowed", "one of ES, PS and RS, 256 to 512"));
    }
    List<Keys> candidates = keys.stream().filter(any -> any.set().maySign(source)).toList();
    if (candidates.isEmpty()) {
      return Optional.of(
          invalid("source", "was none that has keys here", "a source that is configured"));
    }
    KeysUnavailableException unavailable = null;
    for (Keys candidate : candidates) {
      try {
        if (isSignedBy(candidate, signed)) {
          return Optional.empty();
        }
      } catch (KeysUnavailableException e) {
        unavailable = e;
      }
    }
    if (unavailable != null) {
      throw unavailable;
    }
    return Optional.of(
        invalid(HEADER, "did not hold for this value and the keys of its source", EXPECTED));
  }

  private boolean isSignedBy(Keys candidate, JWSObject signed) {
    JWSHeader header = signed.getHeader();
    try {
      for (Key key :
          new JWSVerificationKeySelector<>(algorithms, candidate.source())
              .selectJWSKeys(header, null)) {
        if (signed.verify(new DefaultJWSVerifierFactory().createJWSVerifier(header, key))) {
          return true;
        }
      }
      return false;
    } catch (KeySourceException e) {
      throw new KeysUnavailableException(candidate.set(), e);
    } catch (JOSEException keyOfAnotherKind) {
      return false;
    }
  }

  private static SignatureFault invalid(String field, String was, String expected) {
    return new SignatureFault(Kind.INVALID_SIGNATURE, field, was, expected);
  }
}
