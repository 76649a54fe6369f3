package io.offboarder.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
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
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
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
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
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

  private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
  private static final Instant ARRIVED = NOW.minusSeconds(60);
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final TokenSettings TOKENS =
      new TokenSettings("us", Duration.ofMinutes(10), Duration.ofDays(7));

  private static ECKey hr;
  private static ECKey other;
  private static RSAKey it;

  private static final ReadingLimits QUICK =
      new ReadingLimits(Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofSeconds(1));

  private static Vertx vertx;
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
  @DisplayName("cannot be judged while the keys cannot be read, and is believed once they can")
  void keysLater() throws Exception {
    Path file = directory.resolve("later.json");
    SignatureCheck check = check(List.of(new KeySet(HR, file.toUri().toURL())));
    Headers headers = signed(hr, JWSAlgorithm.ES256, VALUE);
    assertThatThrownBy(() -> verify(check, headers, VALUE, HR))
        .isInstanceOf(KeysUnavailableException.class);
    write("later.json", hr);
    Awaitility.await()
        .ignoreException(KeysUnavailableException.class)
        .until(() -> verify(check, headers, VALUE, HR).isEmpty());
  }

  @Test
  @DisplayName("waits for the next reading where its key is unknown, with all others that do")
  void keyRotated() throws Exception {
    try (KeyServer server = KeyServer.start(vertx, KeyServer.Pace.AT_ONCE, it)) {
      SignatureCheck check = check(List.of(new KeySet(HR, server.url())));
      assertThat(verify(check, signed(it, JWSAlgorithm.PS256, VALUE), VALUE, HR)).isEmpty();
      List<Future<Optional<SignatureFault>>> forged = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k" + i).build();
        Headers headers = signed(new ECDSASigner(other), header, VALUE);
        forged.add(onLoop(() -> check.verify(record(headers, VALUE), HR)));
      }
      server.serve(it, hr);
      Headers rotated = signed(hr, JWSAlgorithm.ES256, VALUE);

      assertThat(verify(check, rotated, VALUE, HR)).isEmpty();
      for (Future<Optional<SignatureFault>> one : forged) {
        assertInvalid(get(one));
      }
      // Signing them takes a while, in which the set may be read now and then.
      assertThat(server.requests()).isBetween(2, 50);
    }
  }

  @Test
  @DisplayName("keeps no other waiting while its sender's key server sends a byte now and then")
  void trickling() throws Exception {
    try (KeyServer slow = KeyServer.start(vertx, KeyServer.Pace.TRICKLING, hr)) {
      SignatureCheck check =
          check(List.of(new KeySet(HR, slow.url()), new KeySet("/it", write("it.json", it))));
      Headers headers = signed(hr, JWSAlgorithm.ES256, VALUE);
      List<Future<Optional<SignatureFault>>> waiting = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        waiting.add(onLoop(() -> check.verify(record(headers, VALUE), HR)));
      }
      slow.awaitRequest();

      Headers fromIt = signed(it, JWSAlgorithm.PS256, VALUE);
      assertThat(verify(check, fromIt, VALUE, "/it")).isEmpty();
      assertThat(get(vertx.executeBlocking(() -> "a worker is free"))).isNotEmpty();
      assertThat(waiting).noneMatch(Future::isComplete);
      for (Future<Optional<SignatureFault>> one : waiting) {
        assertThatThrownBy(() -> get(one)).isInstanceOf(KeysUnavailableException.class);
      }
      assertThat(slow.requests()).isEqualTo(1);
      Awaitility.await().until(() -> slow.connections() == 0);
    }
  }

  @Test
  @DisplayName("has no keys behind a redirect, an error, an endless document or one that is none")
  void notKeys() throws Exception {
    for (KeyServer.Pace pace :
        List.of(
            KeyServer.Pace.REDIRECTED,
            KeyServer.Pace.REFUSED,
            KeyServer.Pace.ENDLESS,
            KeyServer.Pace.GARBAGE)) {
      try (KeyServer server = KeyServer.start(vertx, pace, hr)) {
        SignatureCheck check = check(List.of(new KeySet(HR, server.url())));
        assertThatThrownBy(() -> verify(check, signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, HR))
            .as(pace.name())
            .isInstanceOf(KeysUnavailableException.class);
      }
    }
  }

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

  private static final JOSEObjectType SET = new JOSEObjectType("secevent+jwt");

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

  private static Optional<SignatureFault> verify(
      SignatureCheck check, Headers headers, byte[] value, @Nullable String source) {
    return get(onLoop(() -> check.verify(record(headers, value), source)));
  }

  private static <T> Future<T> onLoop(Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(v -> work.get().onComplete(done));
    return done.future();
  }

  private static <T> T get(Future<T> future) {
    return future.await();
  }

  private static ConsumerRecord<byte[], byte[]> record(Headers headers, byte[] value) {
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

  private static void assertInvalid(Optional<SignatureFault> fault) {
    assertThat(fault).map(SignatureFault::kind).contains(Kind.INVALID_SIGNATURE);
  }

  private SignatureCheck check() throws IOException {
    return check(
        List.of(new KeySet(HR, write("hr.json", hr)), new KeySet("*", write("any.json", it))));
  }

  private static SignatureCheck check(List<KeySet> sets) {
    return new SignatureCheck(
        vertx, new SignatureSettings(Set.of("signed"), sets, TOKENS), CLOCK, QUICK);
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
