package io.offboarder.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The keys of an event's sender")
class SignatureKeysTest extends SignatureFixture {
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
}
