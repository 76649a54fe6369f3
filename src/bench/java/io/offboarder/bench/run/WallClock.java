package io.offboarder.bench.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The clock that all processes of a machine share. */
final class WallClock {
  private WallClock() {}

  static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
