package io.offboarder.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how people write durations. */
public final class DurationText {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  /** Longer than anything here waits, short enough for every timer in milliseconds. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private static final Duration LEAST = Duration.ofMillis(1);

  private DurationText() {}

  /**
   * Reads {@code 500ms}, {@code 25s}, {@code 2m}, {@code 1h}, {@code 1d} or ISO 8601, {@code
   * PT25S}.
   *
   * @throws IllegalArgumentException if it is none of these, not above zero or over a year
   */
  public static Duration parse(String text) {
    return parse(text, LEAST, LONGEST);
  }

  /**
   * The same within these bounds.
   *
   * @throws IllegalArgumentException if it is no duration, or beyond a bound
   */
  static Duration parse(String text, Duration least, Duration longest) {
    Matcher matcher = FORM.matcher(text.strip());
    Duration duration;
    try {
      duration =
          matcher.matches()
              ? UNITS.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)))
              : Duration.parse(text.strip());
    } catch (java.time.DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException("not a duration", e);
    }
    if (duration.compareTo(least) < 0 || duration.compareTo(longest) > 0) {
      throw new IllegalArgumentException("out of range");
    }
    return duration;
  }
}
