package io.offboarder.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.offboarder.signature.KeySource.ReadingLimits;
import io.offboarder.signature.SignatureFault.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Keys, what they sign, and a check that knows some of them. */
abstract class SignatureFixture {
  static final String HR = "/hr/workday";
  static final byte[] VALUE = "{\"id\":\"1\",\"source\":\"/hr/workday\"}".getBytes(UTF_8);

  static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
  static final Instant ARRIVED = NOW.minusSeconds(60);
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  static final TokenSettings TOKENS =
      new TokenSettings("us", Duration.ofMinutes(10), Duration.ofDays(7));

  static ECKey hr;
  static ECKey other;
  static RSAKey it;

  /** Key sets are read often here, and a reading has more time than it needs. */
  static final ReadingLimits LIMITS =
      new ReadingLimits(Duration.ofMillis(50), Duration.ofMinutes(1), Duration.ofMinutes(1));

  static Vertx vertx;
  private static Context loop;

  @TempDir Path directory;

  @BeforeAll
  static void keys() throws JOSEException {
    vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(2));
    loop = vertx.getOrCreateContext();
    hr = new ECKeyGenerator(Curve.P_256).keyID("hr-1").generate();
    other = new ECKeyGenerator(Curve.P_256).keyID("hr-1").generate();
    it = new RSAKeyGenerator(2048).keyID("it-1").generate();
  }

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  static Optional<SignatureFault> verify(
      SignatureCheck check, Headers headers, byte[] value, @Nullable String source) {
    return get(onLoop(() -> check.verify(record(headers, value), source)));
  }

  static <T> Future<T> onLoop(Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(v -> work.get().onComplete(done));
    return done.future();
  }

  static <T> T get(Future<T> future) {
    return future.timeout(30, TimeUnit.SECONDS).await();
  }

  static ConsumerRecord<byte[], byte[]> record(Headers headers, byte[] value) {
    return new ConsumerRecord<>(
        "signed",
        0,
        0,
        ARRIVED.toEpochMilli(),
        TimestampType.LOG_APPEND_TIME,
        0,
        value.length,
        new byte[0],
        value,
        headers,
        Optional.empty());
  }

  static void assertInvalid(Optional<SignatureFault> fault) {
    assertThat(fault).map(SignatureFault::kind).contains(Kind.INVALID_SIGNATURE);
  }

  SignatureCheck check() throws IOException {
    return check(
        List.of(new KeySet(HR, write("hr.json", hr)), new KeySet("*", write("any.json", it))));
  }

  static SignatureCheck check(List<KeySet> sets) {
    return check(sets, LIMITS);
  }

  static SignatureCheck check(List<KeySet> sets, ReadingLimits limits) {
    return new SignatureCheck(
        vertx, new SignatureSettings(Set.of("signed"), sets, TOKENS), CLOCK, limits);
  }

  URL write(String name, JWK key) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, new JWKSet(key).toString(true));
    return file.toUri().toURL();
  }

  static Headers signed(JWK key, JWSAlgorithm algorithm, byte[] value) throws JOSEException {
    JWSSigner signer =
        key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner((RSAKey) key);
    return signed(signer, new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), value);
  }

  static Headers signed(JWSSigner signer, JWSHeader header, byte[] value) throws JOSEException {
    JWSObject object = new JWSObject(header, new Payload(value));
    object.sign(signer);
    return headers(object.serialize(true));
  }

  static Headers headers(@Nullable String signature) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(SignatureCheck.HEADER, signature == null ? null : signature.getBytes(UTF_8));
    return headers;
  }

  static String text(Headers headers) {
    return new String(headers.lastHeader(SignatureCheck.HEADER).value(), UTF_8);
  }
}
