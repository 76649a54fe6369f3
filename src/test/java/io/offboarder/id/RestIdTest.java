package io.offboarder.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A REST id")
class RestIdTest {
  private static final String UUID = "eb22b3bd-74cb-4c29-b07f-ead02e5682d2";
  private static final String DOCUMENTED =
      "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9lYjIyYjNiZC03NGNiLTRjMjktYjA3Zi1lYWQwMmU1NjgyZDI";

  @Test
  @DisplayName("is read as the API documents it, and written the same way")
  void documented() {
    assertThat(RestId.parse(DOCUMENTED)).isEqualTo(new RestId("us", RestId.PEOPLE, UUID));
    assertThat(new RestId("us", RestId.PEOPLE, UUID).encoded()).isEqualTo(DOCUMENTED);
  }

  @Test
  @DisplayName("is the same padded or not and in either alphabet, for any cluster, type and name")
  void forms() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      RestId id = new RestId(word(random, ""), word(random, ""), word(random, "/"));
      String text = "ciscospark://" + id.cluster() + "/" + id.type() + "/" + id.name();
      byte[] uri = text.getBytes(StandardCharsets.UTF_8);
      assertThat(RestId.parse(id.encoded())).isEqualTo(id);
      assertThat(RestId.parse(Base64.getEncoder().encodeToString(uri))).isEqualTo(id);
      assertThat(RestId.parse(Base64.getUrlEncoder().encodeToString(uri))).isEqualTo(id);
      assertThat(RestId.parse(Base64.getEncoder().withoutPadding().encodeToString(uri)))
          .isEqualTo(id);
    }
  }

  private static String word(Random random, String more) {
    String alphabet = "abcXYZ019:_-~?" + more;
    StringBuilder word = new StringBuilder("w");
    for (int i = random.nextInt(20); i > 0; i--) {
      word.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return word.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ann@example.com",
        UUID,
        "Y2lzY29zcGFyazovL3Vz", // ciscospark://us
        "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8", // without a name
        "aHR0cHM6Ly91cy9QRU9QTEUveA", // https://us/PEOPLE/x
        "Y2lzY29zcGFyazovL3VzL1BFT1BMRS94IHk" // with a blank
      })
  @DisplayName("is nothing else")
  void others(String text) {
    assertThat(RestId.parse(text)).isNull();
  }

  @Test
  @DisplayName("compares by its UUID with a bare UUID; other texts compare exactly, case too")
  void comparable() {
    String upper =
        new RestId("us", RestId.PEOPLE, "EB22B3BD-74CB-4C29-B07F-EAD02E5682D2").encoded();
    String organization = new RestId("us", RestId.ORGANIZATION, UUID).encoded();

    assertThat(RestId.comparable(DOCUMENTED, RestId.PEOPLE)).isEqualTo(UUID);
    assertThat(RestId.comparable(upper, RestId.PEOPLE)).isEqualTo(UUID);
    assertThat(RestId.comparable("EB22B3BD-74CB-4C29-B07F-EAD02E5682D2", RestId.PEOPLE))
        .isEqualTo(UUID);
    assertThat(RestId.comparable(organization, RestId.PEOPLE)).isEqualTo(organization);
    assertThat(RestId.comparable("Opaque", RestId.PEOPLE)).isEqualTo("Opaque");
  }
}
