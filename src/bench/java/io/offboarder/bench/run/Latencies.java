package io.offboarder.bench.run;

import java.util.Arrays;
import java.util.OptionalDouble;

/** Times from an instant to another; what never came took forever. */
final class Latencies {
  private final long[] micros;
  private int count;

  Latencies(int capacity) {
    micros = new long[capacity];
  }

  /** Notes one; an end of 0 never came. */
  void add(long fromMicros, long toMicros) {
    micros[count++] = toMicros == 0 ? Long.MAX_VALUE : toMicros - fromMicros;
  }

  /** The percentile by nearest rank; empty if it lies among those that never came. */
  OptionalDouble percentileMillis(double percent) {
    long[] sorted = Arrays.copyOf(micros, count);
    Arrays.sort(sorted);
    long value = sorted[(int) Math.ceil(percent / 100 * count) - 1];
    return value == Long.MAX_VALUE ? OptionalDouble.empty() : OptionalDouble.of(value / 1e3);
  }
}
