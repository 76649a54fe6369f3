package io.offboarder.event;

/** A piece of somebody's input, for a message. */
public record Quoted(String text) {
  private static final int LONGEST = 80;

  /** Short, on one line, in quotes. */
  public String shown() {
    DisplayText shown = DisplayText.of(text, LONGEST);
    return shown.isWhole()
        ? "'" + shown.text() + "'"
        : "'" + shown.text() + "' (" + text.length() + " characters)";
  }

  /** What may be said of it where it must not be shown. */
  public String hidden() {
    return "a text of " + text.length() + " characters";
  }
}
