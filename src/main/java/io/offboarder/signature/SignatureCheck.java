package io.offboarder.signature;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Checks who signed an event: by a detached JWS in the record header {@value #HEADER}, or as a
 * security event token, which is signed in itself. Thread-safe.
 */
public final class SignatureCheck {
  /** The record header that holds a detached signature. */
  public static final String HEADER = "jws-signature";

  private final Set<String> topics;
  private final SenderKeys keys;
  private final TokenSettings tokens;
  private final Clock clock;

  /** A check by these settings; reads no key yet. */
  public SignatureCheck(SignatureSettings settings, Clock clock) {
    this.topics = settings.topics();
    this.keys = new SenderKeys(settings.keySets());
    this.tokens = settings.tokens();
    this.clock = clock;
  }

  /** Whether events on this topic must be signed. */
  public boolean isRequired(String topic) {
    return topics.contains(topic);
  }

  /**
   * Says what is wrong with an event's signature; empty if it is right. Blocks while keys are read,
   * for some seconds at most.
   *
   * @param source of the event, as its value says; a token's issuer counts instead
   * @throws KeysUnavailableException if that cannot be known now; to be tried again
   */
  public Optional<SignatureFault> verify(
      ConsumerRecord<byte[], byte[]> record, @Nullable String source) {
    if (SecurityToken.isOne(record.value())) {
      Instant arrived = Instant.ofEpochMilli(record.timestamp());
      return SecurityToken.verify(keys, tokens, record.value(), arrived, clock.instant());
    }
    return DetachedSignature.verify(keys, record.headers(), record.value(), source);
  }

  /**
   * Says what is wrong with a security event token that has come now; empty if it is right. Blocks
   * while keys are read, for some seconds at most.
   *
   * @throws KeysUnavailableException if that cannot be known now; to be tried again
   */
  public Optional<SignatureFault> verifyToken(byte[] token) {
    if (!SecurityToken.isOne(token)) {
      return Optional.of(
          SignatureFault.unsigned("body", "was no JWT", "a signed security event token"));
    }
    Instant now = clock.instant();
    return SecurityToken.verify(keys, tokens, token, now, now);
  }
}
