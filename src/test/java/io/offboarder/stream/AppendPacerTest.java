package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pacer of the journal's entries")
class AppendPacerTest {
  private static final Duration MILLI = Duration.ofMillis(1);

  private final AppendPacer pacer = new AppendPacer();
  private Duration now = Duration.ofHours(1);

  @Test
  @DisplayName("lets the first entry go at once")
  void first() {
    assertThat(pacer.next(now, false)).isZero();
  }

  @Test
  @DisplayName("lets entries go at once that come one by one, a few hundred a second")
  void few() {
    for (int i = 0; i < 500; i++) {
      assertThat(append()).isZero();
      now = now.plusMillis(2);
    }
  }

  @Test
  @DisplayName("lets entries go at once that waited together")
  void together() {
    for (int i = 0; i < 500; i++) {
      assertThat(append()).isZero();
    }
  }

  @Test
  @DisplayName("lets the next ones gather for a millisecond for each that went before, 40 at most")
  void gathering() {
    append(3);
    now = now.plus(MILLI);
    assertThat(append()).isCloseTo(Duration.ofMillis(2), MILLI);

    append(99);
    now = now.plus(MILLI);
    assertThat(append()).isCloseTo(Duration.ofMillis(39), MILLI);
  }

  @Test
  @DisplayName(
      "makes about twenty-five requests a second of thousands of entries, however they come")
  void many() {
    int requests = 0;
    Duration end = now.plusSeconds(1);
    for (Duration due = now; due.compareTo(end) < 0; due = due.plusNanos(250_000)) {
      now = now.compareTo(due) < 0 ? due : now;
      requests += append().isZero() ? 0 : 1;
    }
    assertThat(requests).isBetween(22, 28);
  }

  @Test
  @DisplayName("lets entries that come one by one gather for 40 milliseconds while records wait")
  void backlog() {
    assertThat(pacer.next(now, true)).isZero();
    pacer.appended(now);
    now = now.plusMillis(2);
    assertThat(pacer.next(now, true)).isEqualTo(Duration.ofMillis(38));
  }

  @Test
  @DisplayName("counts entries that take long to append as one request, for all were there")
  void slow() {
    pacer.next(now, false);
    for (int i = 1; i < 50; i++) {
      now = now.plus(MILLI);
      pacer.appended(now);
      assertThat(pacer.next(now, false)).isZero();
    }
  }

  private void append(int times) {
    for (int i = 0; i < times; i++) {
      append();
    }
  }

  /** Appends one entry, which takes next to no time; returns how long it had to wait. */
  private Duration append() {
    Duration wait = pacer.next(now, false);
    now = now.plus(wait).plusNanos(5_000);
    pacer.appended(now);
    return wait;
  }
}
