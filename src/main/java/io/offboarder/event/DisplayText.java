package io.offboarder.event;

import io.offboarder.text.Printable;

/**
 * A piece of somebody's input, so that it can be shown: on one line, and without characters that
 * are invisible or turn the line around.
 *
 * @param text with an ellipsis where it was cut
 */
record DisplayText(String text, boolean isWhole) {

  /** As much of a text as takes this many characters to show; what is invisible is escaped. */
  static DisplayText of(String text, int longest) {
    if (text.length() <= longest && Printable.isAllPrintable(text)) {
      return new DisplayText(text, true);
    }
    StringBuilder shown = new StringBuilder(Math.min(text.length(), longest) + 16);
    int next = 0;
    int room = longest;
    while (room > 0 && next < text.length()) {
      int c = text.codePointAt(next);
      next += Character.charCount(c);
      String one = Printable.isPrintable(c) ? Character.toString(c) : escaped(c);
      shown.append(one);
      room -= one.codePointCount(0, one.length());
    }
    boolean whole = next == text.length();
    return new DisplayText(whole ? shown.toString() : shown + "…", whole);
  }

  private static String escaped(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format("\\u%04x", c);
    };
  }
}
