package io.offboarder.intake;

import java.util.Collection;
import java.util.Map;

/** Results of expressions, in words. */
final class ResultWords {
  private ResultWords() {}

  static String kind(Object result) {
    if (result instanceof String) {
      return "a text";
    }
    if (result instanceof Number) {
      return "a number";
    }
    if (result instanceof Boolean) {
      return "true or false";
    }
    if (result instanceof Collection<?> several) {
      return "an array of " + several.size();
    }
    return result instanceof Map ? "an object" : "a function";
  }
}
