package io.offboarder.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Pseudonyms")
class PseudonymsTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String UUID = "5f1c7a9e-2b1d-4f0a-9c3e-7d6b5a493827";
  private static final String REST_ID = restId("PEOPLE", UUID);

  private final Pseudonymizer names = Pseudonymizer.with(KEY);

  @Test
  @DisplayName("are what openssl makes of the address and the key")
  void documented() {
    // printf %s ann@example.com | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
    assertThat(names.person("ann@example.com")).isEqualTo("p-093e3dd9df951c5008225d53");
  }

  @Test
  @DisplayName("are the same for an address in any case, and others for others and by other keys")
  void stable() {
    assertThat(names.person("Ann@Example.com")).isEqualTo(names.person("ann@example.com"));
    assertThat(names.person("bob@example.com")).isNotEqualTo(names.person("ann@example.com"));
    assertThat(names.person("ABC")).isNotEqualTo(names.person("abc"));
    assertThat(Pseudonymizer.with(KEY + "x").person("abc")).isNotEqualTo(names.person("abc"));
  }

  @Test
  @DisplayName("need a key of 32 characters")
  void shortKey() {
    assertThatThrownBy(() -> Pseudonymizer.with(KEY.substring(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(KEY.substring(1));
  }

  @Test
  @DisplayName("stand for nobody where they are not asked for")
  void none() {
    assertThat(Pseudonymizer.NONE.person("ann@example.com")).isEqualTo("ann@example.com");
    assertThat(Pseudonymizer.NONE.text("of ann@example.com…", List.of("ann@example.com")))
        .isEqualTo("of ann@example.com…");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann@example.com",
        "o'brien+x@example.co.uk",
        "hör@exämple.de",
        "a~b*c%d@example.com",
        "\"quoted(1)\"@example.com",
        "id-17",
        "7",
        "[a(b.*c",
        "\\E+",
        UUID
      })
  @DisplayName("stand in a text for whom it is about, in whichever way it writes them")
  void knownPeople(String name) {
    List<String> spellings =
        List.of(name, name.toUpperCase(java.util.Locale.ROOT), URLEncoder.encode(name, UTF_8));
    for (String spelling : spellings) {
      String told =
          names.text(
              "no '" + spelling + "', (?x=" + spelling + ") " + spelling + ".", List.of(name));
      assertThat(told).isEqualTo("no 'P', (?x=P) P.".replace("P", names.person(name)));
    }
  }

  @Test
  @DisplayName("stand for the UUID within a REST id, too")
  void uuid() {
    assertThat(names.text("person " + UUID.toUpperCase(java.util.Locale.ROOT), List.of(REST_ID)))
        .isEqualTo("person " + names.person(REST_ID));
  }

  @Test
  @DisplayName("stand for every address and every person's REST id in a text, and for nothing else")
  void strangers() {
    String org = restId("ORGANIZATION", UUID);
    String text =
        "<ann@example.com>, mailto:Bob%40example.com?x, id " + REST_ID + " of " + org + " at 5";
    assertThat(names.text(text, List.of()))
        .isEqualTo(
            "<"
                + names.person("ann@example.com")
                + ">, mailto:"
                + names.person("bob@example.com")
                + "?x, id "
                + names.person(REST_ID)
                + " of "
                + org
                + " at 5");
  }

  @Test
  @DisplayName("leave no half of a name at the end of a text that was cut")
  void cut() {
    assertThat(names.text("cannot list ann.smi… (no such person ann.sm…)", List.of()))
        .isEqualTo("cannot list … (no such person …)");
  }

  @Test
  @DisplayName("do not hide the words around a short id")
  void shortId() {
    assertThat(names.text("7 of 70 are 7", List.of("7"))).doesNotStartWith("7").contains(" of 70 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "%40", "a.", ".@", "a%40.", "Y2lzY29zcGFyazov", "ID-OF-SOMEONEx", "a… ", " "})
  @DisplayName("take time in proportion to a text, whatever it repeats")
  void linear(String repeated) {
    Duration some = quickest(repeated.repeat(4_000 / repeated.length()));
    Duration tenfold = quickest(repeated.repeat(40_000 / repeated.length()));
    // Quadratic time would be a hundred times as much.
    assertThat(tenfold).isLessThan(some.multipliedBy(35).plusMillis(20));
  }

  private Duration quickest(String text) {
    long nanos = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      long began = System.nanoTime();
      names.text(text, List.of("id-of-someone", "ann@example.com"));
      nanos = Math.min(nanos, System.nanoTime() - began);
    }
    return Duration.ofNanos(nanos);
  }

  private static String restId(String type, String uuid) {
    String uri = "ciscospark://us/" + type + "/" + uuid;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(uri.getBytes(UTF_8));
  }
}
