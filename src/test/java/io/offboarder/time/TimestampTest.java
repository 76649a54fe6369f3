package io.offboarder.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A date and time")
class TimestampTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2016-12-31T23:59:60Z            | 2017-01-01T00:00:00Z",
        "2026-11-20T09:00:00,5Z          | 2026-11-20T09:00:00.500Z",
        "2026-11-20T09:00:00.1234567890Z | 2026-11-20T09:00:00.123456789Z",
        "2026-11-20 09:00:00 +0530       | 2026-11-20T03:30:00Z",
        "2026-11-20T09:00:00-00:00       | 2026-11-20T09:00:00Z",
        "Fri, 20 Nov 2026 09:00:00 +0100 | 2026-11-20T08:00:00Z",
        "9999-12-31T23:59:59Z            | 9999-12-31T23:59:59Z"
      })
  @DisplayName("is read in each form that names one moment alone")
  void read(String text, Instant moment) {
    assertThat(Timestamp.moment(text)).contains(moment);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-30T24:00:00Z",
        "2026-11-30T25:00:00Z",
        "2026-W48-1T09:00:00Z",
        "2026-334T09:00:00Z",
        "10000-01-01T00:00:00Z",
        "+10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "0000-01-01T00:00:00+01:00",
        "2026-02-29T09:00:00Z",
        "2026-11-20T09:00:00",
        "2026-11-20T09:00:00+19:00",
        "2026-11-20T09:00:00 CET",
        "2026-11-20T09:00:00[Europe/Berlin]",
        "Thu, 20 Nov 2026 09:00:00 GMT",
        "1795424400",
        ""
      })
  @DisplayName("is nothing else")
  void others(String text) {
    assertThat(Timestamp.moment(text)).isEmpty();
  }

  @Test
  @DisplayName("is read as the JDK reads RFC 3339, and what comes out can be written in it")
  void everyMoment() {
    Random random = new Random(3);
    for (int i = 0; i < 5_000; i++) {
      Instant moment =
          Instant.ofEpochSecond(
              random.nextLong(-62_135_000_000L, 253_402_000_000L), random.nextInt(1_000_000_000));
      OffsetDateTime there =
          moment.atOffset(ZoneOffset.ofTotalSeconds(60 * random.nextInt(-1_080, 1_081)));
      String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(there);
      assertThat(Timestamp.moment(text)).as(text).contains(moment);
    }
  }
}
