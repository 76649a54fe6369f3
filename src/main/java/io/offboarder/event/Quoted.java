package io.offboarder.event;

/**
 * A piece of somebody's input, for a message. Shown, it is short, on one line and without
 * characters that are invisible or turn the line around.
 */
record Quoted(String text) {
  private static final int LONGEST = 80;

  String shown() {
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

  /** All that can be told of it to those who must not see it. */
  String hidden() {
    return "a text of " + text.length() + " characters";
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
