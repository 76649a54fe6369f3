package io.offboarder.cli;

import io.offboarder.text.Printable;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/**
 * Text as a terminal shows it: without what it would take for an instruction, and measured in its
 * cells. East Asian characters and emoji take two cells, combining marks none (Unicode's UAX 11).
 */
final class TerminalText {
  private static final Set<UnicodeScript> WIDE =
      Set.copyOf(
          EnumSet.of(
              UnicodeScript.HAN,
              UnicodeScript.HANGUL,
              UnicodeScript.HIRAGANA,
              UnicodeScript.KATAKANA,
              UnicodeScript.BOPOMOFO,
              UnicodeScript.YI));
  private static final String CUT = "…";

  private TerminalText() {}

  /** The text on one line, with a space for each character that moves, hides or turns others. */
  static String printable(String text) {
    return Printable.oneLine(text);
  }

  /** How many cells the text takes. */
  static int width(String text) {
    return text.codePoints().map(TerminalText::width).sum();
  }

  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean halfwidth = c >= 0xFF61 && c <= 0xFFDC;
    boolean fullwidth = (c >= 0xFF01 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6);
    boolean cjkPunctuation = c >= 0x3000 && c <= 0x303E;
    boolean emoji = c >= 0x1F300 && c <= 0x1FAFF;
    return !halfwidth
            && (fullwidth || cjkPunctuation || emoji || WIDE.contains(UnicodeScript.of(c)))
        ? 2
        : 1;
  }

  /** The text as {@link #printable}, or as much of it as fits beside the sign that it was cut. */
  static String fitted(String text, int cells) {
    String shown = printable(text);
    if (width(shown) <= cells) {
      return shown;
    }
    StringBuilder fitted = new StringBuilder();
    int taken = CUT.length();
    for (int c : shown.codePoints().toArray()) {
      taken += width(c);
      if (taken > cells) {
        break;
      }
      fitted.appendCodePoint(c);
    }
    return fitted.append(CUT).toString();
  }

  /** The text as {@link #printable}, followed by what it leaves free. */
  static String left(String text, int cells) {
    String shown = printable(text);
    return shown + " ".repeat(Math.max(0, cells - width(shown)));
  }

  /** The text as {@link #printable}, after what it leaves free. */
  static String right(String text, int cells) {
    String shown = printable(text);
    return " ".repeat(Math.max(0, cells - width(shown))) + shown;
  }
}
