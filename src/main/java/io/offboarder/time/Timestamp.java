package io.offboarder.time;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as systems in the field print them. Only what can mean one moment alone is read:
 * a time without an offset is none.
 */
public final class Timestamp {
  /** The last moment that RFC 3339 can write, whose years have four digits. */
  public static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final int NANO_DIGITS = 9;

  /** RFC 3339, section 5.6, and the forms around it that are as clear. */
  private static final Pattern MOMENT =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d(?::(?<second>\\d\\d)(?:[.,](?<fraction>\\d+))?)?"
              + " ?(?<offset>[Zz]|GMT|UTC|(?:GMT|UTC)?[+-]\\d\\d(?::?\\d\\d)?)(?:\\[[\\w/+-]+])?");

  private static final Pattern RFC_3339 =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:[Zz]|[+-]\\d\\d:\\d\\d)");

  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

  private Timestamp() {}

  /**
   * The moment that a text names: as RFC 3339 writes it, or with {@code +0000}, {@code +00}, {@code
   * GMT} or {@code UTC} for an offset, a blank for the {@code T}, no seconds, a fraction of any
   * length, a zone's name after the offset; or as RFC 1123 writes it. What is finer than a
   * nanosecond is cut off. Empty for everything else, and for dates and times that do not exist.
   */
  public static Optional<Instant> moment(String text) {
    Matcher written = MOMENT.matcher(text);
    try {
      return Optional.of(
          written.matches()
              ? moment(
                  text, written.group("second"), written.group("fraction"), written.group("offset"))
              : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
    } catch (DateTimeException notAMoment) {
      return Optional.empty();
    }
  }

  /** Whether a text is neither a date nor a moment as RFC 3339 writes it. */
  public static boolean isUnusual(String text) {
    return !RFC_3339.matcher(text).matches() && !DATE.matcher(text).matches();
  }

  /** What matched, by where it stands: a formatter would take ten times as long. */
  private static Instant moment(
      String text, @Nullable String second, @Nullable String fraction, String offset) {
    boolean leap = "60".equals(second);
    LocalTime time =
        LocalTime.of(
            number(text, 11, 13),
            number(text, 14, 16),
            second == null ? 0 : leap ? 59 : Integer.parseInt(second),
            fraction == null ? 0 : nanos(fraction));
    Instant written = dateAt(text).atTime(time).toInstant(offset(offset));
    Instant moment = leap ? written.plusSeconds(1) : written;
    if (moment.isBefore(FIRST) || moment.isAfter(LAST)) {
      throw new DateTimeException("a moment that has no year of four digits in UTC");
    }
    return moment;
  }

  private static int nanos(String fraction) {
    return Integer.parseInt((fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS));
  }

  private static ZoneOffset offset(String offset) {
    int sign = Math.max(offset.indexOf('+'), offset.indexOf('-'));
    return sign < 0 ? ZoneOffset.UTC : ZoneOffset.of(offset.substring(sign));
  }

  /** The day that a text of the form {@code 2026-11-23} names; empty for everything else. */
  public static Optional<LocalDate> date(String text) {
    try {
      return DATE.matcher(text).matches() ? Optional.of(dateAt(text)) : Optional.empty();
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  private static LocalDate dateAt(String text) {
    return LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }
}
