package io.offboarder.text;

import java.util.function.IntFunction;

/**
 * What may be shown of a text that somebody else wrote. A control character moves a terminal's
 * cursor, a formatting one turns a line around or hides a part of it, and each that ends a line
 * lets the text forge the next one. Neither gets to a terminal, a log or an error.
 */
public final class Printable {
  private Printable() {}

  /** Whether a code point shows as what it is. */
  public static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /** The text in one line, with a space for each character that does not show as what it is. */
  public static String oneLine(String text) {
    return replaced(text, c -> " ");
  }

  /**
   * JSON in one line, with an escape for each character of its strings that does not show as what
   * it is: the same JSON, to be read by people too.
   */
  public static String json(String json) {
    return replaced(json, Printable::jsonEscape);
  }

  private static String replaced(String text, IntFunction<String> replacement) {
    if (isAllPrintable(text)) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (isPrintable(c)) {
                shown.appendCodePoint(c);
              } else {
                shown.append(replacement.apply(c));
              }
            });
    return shown.toString();
  }

  /** Whether every character of a text is. */
  public static boolean isAllPrintable(String text) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (!isPrintable(c)) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }

  /** Between its strings, JSON has white space alone. */
  private static String jsonEscape(int codePoint) {
    if (codePoint == '\t' || codePoint == '\n' || codePoint == '\r') {
      return " ";
    }
    StringBuilder escape = new StringBuilder();
    for (char unit : Character.toChars(codePoint)) {
      escape.append(String.format("\\u%04x", (int) unit));
    }
    return escape.toString();
  }
}
