package io.offboarder.intake;

import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Quoted;
import io.offboarder.time.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When what a record says takes effect.
 *
 * @param dates by their names
 * @param choose which of them counts
 * @param required whether a record without any is rejected
 * @param zone of dates, and of times without an offset; null where the rule names none
 * @param timeOfDay when a plain date takes effect; null when that day has ended
 * @param numbers how a number is read; null where none is
 */
record EffectiveDates(
    Map<String, Expression> dates,
    Choice choose,
    boolean required,
    @Nullable ZoneId zone,
    @Nullable LocalTime timeOfDay,
    @Nullable Numbers numbers) {
  private static final Pattern LOCAL =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d(:\\d\\d([.,]\\d{1,9})?)?");

  /** How a number names a moment since 1970. */
  enum Numbers {
    SECONDS,
    MILLIS
  }

  /** Which of several dates counts. */
  sealed interface Choice {}

  /** One end of those that are there. */
  enum Extreme implements Choice {
    EARLIEST,
    LATEST
  }

  /** The one of this name; the others do not count. */
  record Named(String name) implements Choice {}

  /** Copies the dates, in their order. */
  EffectiveDates {
    dates = Map.copyOf(dates);
  }

  /**
   * The moment; empty where the record names none and need not.
   *
   * @param field the rule's name and the member, for messages
   * @throws MappingException where it names none and has to, or what it names cannot be read
   */
  Optional<Instant> moment(Evaluation record, String field, ZoneId byDefault)
      throws MappingException {
    Map<String, Instant> moments = new LinkedHashMap<>();
    for (Map.Entry<String, Expression> date : dates.entrySet()) {
      if (choose instanceof Named named && !named.name().equals(date.getKey())) {
        continue;
      }
      Object value = date.getValue().evaluate(record);
      if (value != null) {
        moments.put(date.getKey(), moment(value, date.getValue().field(), byDefault));
      }
    }
    Optional<Instant> chosen = chosen(moments.values());
    if (chosen.isEmpty() && required) {
      throw new MappingException(Code.MISSING_MEMBER, field, "was missing", "a date");
    }
    return chosen;
  }

  private Optional<Instant> chosen(Collection<Instant> moments) {
    return choose == Extreme.LATEST
        ? moments.stream().max(Comparator.naturalOrder())
        : moments.stream().min(Comparator.naturalOrder());
  }

  private Instant moment(Object value, String field, ZoneId byDefault) throws MappingException {
    try {
      if (value instanceof Number number) {
        return moment(number, field);
      }
      String text = ((String) value).strip();
      Optional<Instant> moment =
          Timestamp.moment(text)
              .or(() -> Timestamp.date(text).map(day -> on(day, byDefault)))
              .or(() -> local(text));
      return moment.orElseThrow(() -> unreadable(text, field));
    } catch (DateTimeException | ArithmeticException e) {
      throw unreadable(value.toString(), field);
    }
  }

  private Instant moment(Number number, String field) throws MappingException {
    if (numbers == null) {
      throw new MappingException(
          Code.WRONG_TYPE, field, "was a number", "a text, or numbers: seconds or millis");
    }
    double millis = number.doubleValue() * (numbers == Numbers.SECONDS ? 1000 : 1);
    if (millis < 0 || millis > 253_402_300_799_999.0) {
      throw unreadable(number.toString(), field);
    }
    return Instant.ofEpochMilli((long) millis);
  }

  private Instant on(LocalDate day, ZoneId byDefault) {
    ZoneId there = zone == null ? byDefault : zone;
    return timeOfDay == null
        ? day.plusDays(1).atStartOfDay(there).toInstant()
        : day.atTime(timeOfDay).atZone(there).toInstant();
  }

  /** A time without an offset names a moment only where the rule says of which zone it is. */
  private Optional<Instant> local(String text) {
    return zone == null || !LOCAL.matcher(text).matches()
        ? Optional.empty()
        : Optional.of(
            LocalDateTime.parse(text.replace(' ', 'T').replace('t', 'T').replace(',', '.'))
                .atZone(zone)
                .toInstant());
  }

  private MappingException unreadable(String value, String field) {
    Quoted quoted = new Quoted(value);
    return new MappingException(
        Code.INVALID_VALUE,
        field,
        "was " + quoted.shown(),
        "was " + quoted.hidden(),
        zone == null
            ? "a date, or a date and time with an offset; one without an offset needs a zone"
            : "a date, or a date and time");
  }
}
