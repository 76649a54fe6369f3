package io.offboarder.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pattern with stars")
class GlobTest {
  @Test
  @DisplayName("matches what the regular expression of its meaning matches")
  void likeRegularExpression() {
    Random random = new Random(7);
    int matched = 0;
    for (int i = 0; i < 200_000; i++) {
      String pattern = text(random, "ab*", 8);
      String text = text(random, "ab", 8);
      boolean expected = expression(pattern).matcher(text).matches();
      matched += expected ? 1 : 0;
      assertThat(Glob.exact(pattern).matches(text))
          .as(pattern + " and " + text)
          .isEqualTo(expected);
    }
    assertThat(matched).isGreaterThan(10_000);
  }

  @Test
  @DisplayName("takes a moment for a text that would keep a regular expression busy")
  void quick() {
    assertThat(Glob.exact("*a".repeat(200) + "b").matches("a".repeat(100_000))).isFalse();
  }

  @Test
  @DisplayName("knows upper and lower case, or not")
  void letters() {
    assertThat(Glob.exact("Webex*").matches("webex device")).isFalse();
    assertThat(Glob.ignoringCase("WEBEX*ÄÉ").matches("webex device äé")).isTrue();
  }

  private static String text(Random random, String letters, int longest) {
    return random
        .ints(random.nextInt(longest + 1), 0, letters.length())
        .mapToObj(i -> letters.substring(i, i + 1))
        .collect(Collectors.joining());
  }

  private static Pattern expression(String pattern) {
    return Pattern.compile(
        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }
}
