package io.offboarder.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import io.offboarder.signature.KeySource.ReadingLimits;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The keys of an event's sender")
class SignatureKeysTest extends SignatureFixture {
  @Test
  @DisplayName("are in a file or behind https")
  void locations() {
    assertThat(KeySet.parse("/hr/workday = keys.json").location()).hasProtocol("file");
    assertThat(KeySet.parse("*=https://hr.example.com/jwks?a=b").location())
        .hasToString("https://hr.example.com/jwks?a=b");
    for (String wrong :
        List.of("", "keys.json", "=keys.json", "hr=", "hr=http://a/b", "hr=ftp://a")) {
      assertThatThrownBy(() -> KeySet.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @DisplayName(
      "are asked for again where they cannot be read, and an event is believed once they can")
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
  @DisplayName(
      "are read once for all events that wait because theirs is unknown, and no sooner than they may")
  void keyRotated() throws Exception {
    try (KeyServer server = KeyServer.start(vertx, KeyServer.Pace.AT_ONCE, it)) {
      SignatureCheck check = check(List.of(new KeySet(HR, server.url())));
      List<Headers> forged = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k" + i).build();
        forged.add(signed(new ECDSASigner(other), header, VALUE));
      }
      long begun = System.nanoTime();
      assertThat(verify(check, signed(it, JWSAlgorithm.PS256, VALUE), VALUE, HR)).isEmpty();
      List<Future<Optional<SignatureFault>>> waiting = waiting(check, forged);
      server.serve(it, hr);

      assertThat(verify(check, signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, HR)).isEmpty();
      for (Future<Optional<SignatureFault>> one : waiting) {
        assertInvalid(get(one));
      }
      Duration passed = Duration.ofNanos(System.nanoTime() - begun);
      assertThat((long) server.requests())
          .isBetween(2L, 1 + passed.dividedBy(LIMITS.betweenReadings()));
    }
  }

  private static List<Future<Optional<SignatureFault>>> waiting(
      SignatureCheck check, List<Headers> headers) {
    return headers.stream().map(one -> onLoop(() -> check.verify(record(one, VALUE), HR))).toList();
  }

  @Test
  @DisplayName("keep no other sender's event waiting while their server sends a byte now and then")
  void trickling() throws Exception {
    try (KeyServer slow = KeyServer.start(vertx, KeyServer.Pace.TRICKLING, hr)) {
      SignatureCheck check =
          check(List.of(new KeySet(HR, slow.url()), new KeySet("/it", write("it.json", it))));
      List<Future<Optional<SignatureFault>>> waiting =
          waiting(check, Collections.nCopies(200, signed(hr, JWSAlgorithm.ES256, VALUE)));
      slow.awaitRequest();

      Headers fromIt = signed(it, JWSAlgorithm.PS256, VALUE);
      assertThat(verify(check, fromIt, VALUE, "/it")).isEmpty();
      assertThat(get(vertx.executeBlocking(() -> "a worker is free"))).isNotEmpty();
      assertThat(waiting).noneMatch(Future::isComplete);

      slow.hangUp();
      for (Future<Optional<SignatureFault>> one : waiting) {
        assertThatThrownBy(() -> get(one)).isInstanceOf(KeysUnavailableException.class);
      }
      assertThat(slow.requests()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("are given up where their server has not sent all of them within a time")
  void tricklingTooLong() throws Exception {
    try (KeyServer slow = KeyServer.start(vertx, KeyServer.Pace.TRICKLING, hr)) {
      ReadingLimits impatient =
          new ReadingLimits(LIMITS.betweenReadings(), LIMITS.connect(), Duration.ofMillis(200));
      SignatureCheck check = check(List.of(new KeySet(HR, slow.url())), impatient);

      assertThatThrownBy(() -> verify(check, signed(hr, JWSAlgorithm.ES256, VALUE), VALUE, HR))
          .isInstanceOf(KeysUnavailableException.class);
      Awaitility.await().until(() -> slow.connections() == 0);
    }
  }

  @Test
  @DisplayName("are not taken from a redirect, an error, an endless document or one that is none")
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
}
