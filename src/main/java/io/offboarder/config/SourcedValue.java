package io.offboarder.config;

import java.util.List;

/**
 * What a setting holds, and which source says so.
 *
 * @param texts as written: one, or the elements of a list
 * @param origin where they stand, in words that end a sentence: "in the environment"
 */
record SourcedValue(List<String> texts, String origin) {
  /** All of it in one line, without the white space around it. */
  String text() {
    return String.join(",", texts).strip();
  }

  /** Without the texts, which may be secret. */
  @Override
  public String toString() {
    return "*** " + origin;
  }
}
