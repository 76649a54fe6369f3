package io.offboarder.signature;

import io.offboarder.signature.KeySource.ReadingLimits;
import io.offboarder.signature.SenderKeys.IfJustRead;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Checks who signed an event: by a detached JWS in the record header {@value #HEADER}, or as a
 * security event token, which is signed in itself. Confined to an event loop.
 */
public final class SignatureCheck {
  /** The record header that holds a detached signature. */
  public static final String HEADER = "jws-signature";

  /**
   * More than events have. A signature is read and compared with all of its value, which takes tens
   * of milliseconds of the event loop for a value of some megabytes.
   */
  private static final int MAX_VALUE_BYTES = 256 << 10;

  private final Set<String> topics;
  private final SenderKeys keys;
  private final TokenSettings tokens;
  private final Clock clock;

  /** For as long as a record is held, what was found out about it, by the source that it names. */
  private final Map<ConsumerRecord<?, ?>, Map<Optional<String>, Future<Optional<SignatureFault>>>>
      found = new WeakHashMap<>();

  /** A check by these settings; reads no key yet. */
  public SignatureCheck(Vertx vertx, SignatureSettings settings, Clock clock) {
    this(vertx, settings, clock, ReadingLimits.USUAL);
  }

  SignatureCheck(Vertx vertx, SignatureSettings settings, Clock clock, ReadingLimits limits) {
    this.topics = settings.topics();
    this.keys = new SenderKeys(vertx, settings.keySets(), limits);
    this.tokens = settings.tokens();
    this.clock = clock;
  }

  /** Whether events on this topic must be signed. */
  public boolean isRequired(String topic) {
    return topics.contains(topic);
  }

  /**
   * Says what is wrong with an event's signature; empty if it is right. Where its key is unknown,
   * waits for the next reading of its sender's keys, for half a minute at most. Fails with a {@link
   * KeysUnavailableException} if that cannot be known now, and is to be tried again. Checks a
   * record once for each source, however many events it has.
   *
   * @param source of the event, as its value says; a token's issuer counts instead
   */
  public Future<Optional<SignatureFault>> verify(
      ConsumerRecord<byte[], byte[]> record, @Nullable String source) {
    var ofRecord = found.computeIfAbsent(record, any -> new HashMap<>());
    Optional<String> by = Optional.ofNullable(source);
    Future<Optional<SignatureFault>> known = ofRecord.get(by);
    if (known == null || known.failed()) {
      known = verifyNow(record, source);
      ofRecord.put(by, known);
    }
    return known;
  }

  private Future<Optional<SignatureFault>> verifyNow(
      ConsumerRecord<byte[], byte[]> record, @Nullable String source) {
    if (record.value().length > MAX_VALUE_BYTES) {
      return Future.succeededFuture(
          Optional.of(
              SignatureFault.invalid(
                  "value",
                  "was longer than " + MAX_VALUE_BYTES + " bytes",
                  "a value that a signature can be checked for")));
    }
    if (SecurityToken.isOne(record.value())) {
      Instant arrived = Instant.ofEpochMilli(record.timestamp());
      return SecurityToken.verify(
          keys, tokens, record.value(), arrived, clock.instant(), IfJustRead.WAIT);
    }
    return DetachedSignature.verify(keys, record.headers(), record.value(), source);
  }

  /**
   * Says what is wrong with a security event token that has come now; empty if it is right. Waits
   * for some seconds at most. Fails with a {@link KeysUnavailableException} if that cannot be known
   * now, and is to be tried again.
   */
  public Future<Optional<SignatureFault>> verifyToken(byte[] token) {
    if (!SecurityToken.isOne(token)) {
      return Future.succeededFuture(
          Optional.of(
              SignatureFault.unsigned("body", "was no JWT", "a signed security event token")));
    }
    Instant now = clock.instant();
    return SecurityToken.verify(keys, tokens, token, now, now, IfJustRead.FAIL);
  }
}
