package io.offboarder.event;

/**
 * Shows a piece of somebody's input in a message: short, on one line, without characters that are
 * invisible or turn the line around.
 */
final class Quoted {
  private static final int LONGEST = 80;

  private Quoted() {}

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("'");
    int next = 0;
    while (next < text.length() && quoted.length() <= LONGEST) {
      int c = text.codePointAt(next);
      next += Character.charCount(c);
      if (isVisible(c)) {
        quoted.appendCodePoint(c);
      } else {
        quoted.append(String.format("\\u%04x", c));
      }
    }
    quoted.append('\'');
    return next < text.length()
        ? quoted + "… (" + text.length() + " characters)"
        : quoted.toString();
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
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
}
