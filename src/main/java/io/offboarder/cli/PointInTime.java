package io.offboarder.cli;

import io.offboarder.config.DurationText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A moment as people name it on a command line: so long ago, a day (UTC), or an instant. Exactly
 * one of these is there.
 */
record PointInTime(@Nullable Duration ago, @Nullable LocalDate day, @Nullable Instant instant) {
  private static final int LAST_YEAR = 9999;
  private static final Pattern LONG = Pattern.compile("(\\d{1,5})\\s*(d|w)");

  /** Reads {@code 90m}, {@code 1w}, {@code 2026-11-23} or {@code 2026-11-23T09:00:00+01:00}. */
  static final class Converter implements ITypeConverter<PointInTime> {
    @Override
    public PointInTime convert(String value) {
      String text = value.strip();
      Matcher days = LONG.matcher(text);
      if (days.matches()) {
        long count = Long.parseLong(days.group(1)) * (days.group(2).equals("w") ? 7 : 1);
        return new PointInTime(Duration.ofDays(count), null, null);
      }
      try {
        OffsetDateTime time =
            text.indexOf('T') > 0
                ? OffsetDateTime.parse(text)
                : LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC);
        if (time.getYear() > LAST_YEAR) {
          throw noTime(value);
        }
        return text.indexOf('T') > 0
            ? new PointInTime(null, null, time.toInstant())
            : new PointInTime(null, time.toLocalDate(), null);
      } catch (DateTimeParseException e) {
        return new PointInTime(duration(value), null, null);
      }
    }

    private static Duration duration(String value) {
      try {
        return DurationText.parse(value);
      } catch (IllegalArgumentException e) {
        throw noTime(value);
      }
    }

    private static TypeConversionException noTime(String value) {
      return new TypeConversionException(
          "'"
              + value
              + "' is no time; expected how long ago, such as 90m, 1d or 1w, a day such as"
              + " 2026-11-23, or a time such as 2026-11-23T09:00:00Z");
    }
  }

  /** The moment; of a day, its beginning. Not before 1970, when the time of records begins. */
  Instant start(Clock clock) {
    return recorded(day == null ? moment(clock) : day.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /** The moment; of a day, its end. Not before 1970. */
  Instant end(Clock clock) {
    return recorded(
        day == null ? moment(clock) : day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private static Instant recorded(Instant moment) {
    return moment.isBefore(Instant.EPOCH) ? Instant.EPOCH : moment;
  }

  private Instant moment(Clock clock) {
    return ago == null ? Objects.requireNonNull(instant) : clock.instant().minus(ago);
  }
}
