package io.offboarder.bench.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The median of some values, and how far they lie apart. */
public record Summary(double median, double min, double max, int values) {

  /** The spread of these; empty if there are none. */
  public static Optional<Summary> of(double... values) {
    if (values.length == 0) {
      return Optional.empty();
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return Optional.of(new Summary(median, sorted[0], sorted[sorted.length - 1], sorted.length));
  }

  /** As in {@code 4,312 (4,101–4,388)}; the median alone if there is one value. */
  public String show(int digits) {
    String format = "%,." + digits + "f";
    String middle = String.format(Locale.ROOT, format, median);
    return values == 1
        ? middle
        : middle
            + " ("
            + String.format(Locale.ROOT, format, min)
            + "–"
            + String.format(Locale.ROOT, format, max)
            + ")";
  }
}
