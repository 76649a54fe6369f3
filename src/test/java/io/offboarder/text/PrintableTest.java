package io.offboarder.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Text that others wrote")
class PrintableTest {
  private static final String HOSTILE =
      "a\nb\r\u001b[31mc\u009b2Jd\u202ee\u2066f\u200bg\u2028h\ud800i\ufeffj\u0000k\u007f";

  @Test
  @DisplayName("moves, turns, hides and ends no line")
  void oneLine() {
    assertThat(Printable.oneLine(HOSTILE)).isEqualTo("a b  [31mc 2Jd e f g h i j k ");
    assertThat(Printable.oneLine("Žofie 张伟 ünïcode \ud83d\ude00"))
        .isEqualTo("Žofie 张伟 ünïcode \ud83d\ude00");
  }

  @Test
  @DisplayName("is the same JSON when it is escaped for people, and one line")
  void json() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      String text =
          IntStream.generate(() -> random.nextInt(0x3000))
              .filter(c -> !Character.isSurrogate((char) c))
              .limit(20)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      String shown = Printable.json(mapper.writeValueAsString(Map.of("k", text)));
      assertThat(shown.codePoints()).allMatch(Printable::isPrintable);
      assertThat(mapper.readTree(shown).path("k").asText()).isEqualTo(text);
    }
  }
}
