package io.offboarder.policy;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Texts to compare with, in which {@code *} stands for any characters.
 *
 * @param all what a text has to look like one of
 */
record Patterns(List<Pattern> all) {

  static Patterns exactly(List<String> texts) {
    return new Patterns(texts.stream().map(text -> pattern(text, 0)).toList());
  }

  static Patterns inAnyCase(List<String> texts) {
    int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    return new Patterns(texts.stream().map(text -> pattern(text, flags)).toList());
  }

  private static Pattern pattern(String text, int flags) {
    String expression =
        Stream.of(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(expression, flags);
  }

  boolean match(String text) {
    return all.stream().anyMatch(pattern -> pattern.matcher(text).matches());
  }
}
