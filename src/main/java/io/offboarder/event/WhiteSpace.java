package io.offboarder.event;

/** Blanks as people and spreadsheets leave them around a value: all of Unicode's, seen or not. */
final class WhiteSpace {
  private static final int NEXT_LINE = 0x85;

  private WhiteSpace() {}

  /** A text without the blanks at both ends, and without invisible characters there. */
  static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isTrimmed(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (from < to && isTrimmed(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  /** Whether any of it is a blank. */
  static boolean isIn(String text) {
    return text.codePoints().anyMatch(WhiteSpace::is);
  }

  private static boolean isTrimmed(int c) {
    return is(c) || Character.getType(c) == Character.FORMAT;
  }

  private static boolean is(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
  }
}
