package io.offboarder.webex.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The time a {@code Retry-After} header names (RFC 9110, 10.2.3): seconds, or a date. The real API
 * has sent {@code rand(30),add(30)} and 0; both name no time.
 */
public final class RetryAfter {

  private static final Duration A_DAY = Duration.ofDays(1);

  private RetryAfter() {}

  /** How long to wait from {@code now}, always positive; null where the header names no time. */
  static @Nullable public Duration parse(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    String value = header.strip();
    if (value.matches("[0-9]+")) {
      // Anything this long is beyond every bound; parsing it could overflow.
      Duration named = value.length() > 9 ? A_DAY : Duration.ofSeconds(Integer.parseInt(value));
      return named.isZero() ? null : named;
    }
    try {
      Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration until = Duration.between(now, date);
      return until.isNegative() || until.isZero() ? null : until;
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
