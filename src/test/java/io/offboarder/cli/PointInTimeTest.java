package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

@DisplayName("A moment on the command line")
class PointInTimeTest {
  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-11-30T12:00:00Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "90m, 2026-11-30T10:30:00Z, 2026-11-30T10:30:00Z",
    "1w, 2026-11-23T12:00:00Z, 2026-11-23T12:00:00Z",
    "2026-11-23, 2026-11-23T00:00:00Z, 2026-11-24T00:00:00Z",
    "2026-11-23T09:00:00+01:00, 2026-11-23T08:00:00Z, 2026-11-23T08:00:00Z",
  })
  @DisplayName("is so long ago, a day from its beginning to its end, or a time")
  void forms(String text, Instant start, Instant end) {
    assertThat(read(text).start(NOW)).isEqualTo(start);
    assertThat(read(text).end(NOW)).isEqualTo(end);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"99999w", "99999d", "1969-12-31", "-999999999-01-01", "0000-01-01T00:00Z"})
  @DisplayName("is never before the time that Kafka can be asked for")
  void longAgo(String text) {
    assertThat(read(text).start(NOW)).isEqualTo(Instant.EPOCH);
    assertThat(read(text).end(NOW)).isEqualTo(Instant.EPOCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "-1h",
        "0s",
        "999999999999d",
        "2026-13-01",
        "+10000-01-01",
        "+999999999-12-31",
        "+999999999-12-31T23:59:59Z"
      })
  @DisplayName("is refused in words where it is none")
  void refused(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageStartingWith("'" + text + "' is no time; expected how long ago");
  }

  private static PointInTime read(String text) {
    return new PointInTime.Converter().convert(text);
  }
}
