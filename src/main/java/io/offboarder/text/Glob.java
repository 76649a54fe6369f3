package io.offboarder.text;

import java.util.Locale;

/**
 * A pattern in which {@code *} stands for any characters, or none; everything else stands for
 * itself. Matching takes no more steps than the product of both lengths. Immutable.
 */
public final class Glob {
  private final String pattern;
  private final boolean ignoresCase;

  private Glob(String pattern, boolean ignoresCase) {
    this.pattern = ignoresCase ? folded(pattern) : pattern;
    this.ignoresCase = ignoresCase;
  }

  /** A pattern to which upper and lower case are different. */
  public static Glob exact(String pattern) {
    return new Glob(pattern, false);
  }

  /** A pattern to which upper and lower case are the same. */
  public static Glob ignoringCase(String pattern) {
    return new Glob(pattern, true);
  }

  private static String folded(String text) {
    return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  /** Whether the whole text is as the pattern says. */
  public boolean matches(String text) {
    String given = ignoresCase ? folded(text) : text;
    int at = 0;
    int next = 0;
    int star = -1;
    int resume = 0;
    while (at < given.length()) {
      if (next < pattern.length() && pattern.charAt(next) == '*') {
        star = next++;
        resume = at;
      } else if (next < pattern.length() && pattern.charAt(next) == given.charAt(at)) {
        next++;
        at++;
      } else if (star >= 0) {
        // The last star takes one character more. What an earlier one took need not change.
        next = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    while (next < pattern.length() && pattern.charAt(next) == '*') {
      next++;
    }
    return next == pattern.length();
  }
}
