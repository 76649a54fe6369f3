package io.offboarder.event;

/**
 * Shows a piece of somebody's input in a message: short, on one line, without control characters.
 */
final class Quoted {
  private static final int LONGEST = 80;

  private Quoted() {}

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("'");
    int shown = Math.min(text.length(), LONGEST);
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    quoted.append('\'');
    return text.length() > LONGEST
        ? quoted + "… (" + text.length() + " characters)"
        : quoted.toString();
  }
}
