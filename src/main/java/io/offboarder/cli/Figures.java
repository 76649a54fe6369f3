package io.offboarder.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
final class Figures {
  /** How many characters a bar is wide, within its brackets. */
  private static final int BAR = 20;

  private Figures() {}

  /** {@code 1,234}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 event}, {@code 1,234 events}. */
  static String counted(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** How far something has come: {@code [##### ] 1,234 of 4,936}. */
  static String bar(int done, int all) {
    int full = all == 0 ? BAR : (int) ((long) BAR * done / all);
    return "["
        + "#".repeat(full)
        + " ".repeat(BAR - full)
        + "] "
        + count(done)
        + " of "
        + count(all);
  }

  /** How many a second: {@code 3.2}, {@code 1,234}. */
  static String rate(double perSecond) {
    return perSecond < 10
        ? String.format(Locale.ROOT, "%.1f", perSecond)
        : count(Math.round(perSecond));
  }

  /** Roughly how long: {@code 1.2 s}, {@code 90 s}, {@code 5 min}, {@code 3 h}, {@code 4 days}. */
  static String time(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
  }
}
