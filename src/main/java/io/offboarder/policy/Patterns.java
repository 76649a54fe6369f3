package io.offboarder.policy;

import io.offboarder.text.Glob;
import java.util.List;

/**
 * Texts to compare with, in which {@code *} stands for any characters.
 *
 * @param all what a text has to look like one of
 */
record Patterns(List<Glob> all) {

  static Patterns exactly(List<String> texts) {
    return new Patterns(texts.stream().map(Glob::exact).toList());
  }

  static Patterns inAnyCase(List<String> texts) {
    return new Patterns(texts.stream().map(Glob::ignoringCase).toList());
  }

  boolean match(String text) {
    return all.stream().anyMatch(one -> one.matches(text));
  }
}
