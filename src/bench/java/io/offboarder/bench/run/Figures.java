package io.offboarder.bench.run;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What was measured of one run. Immutable. */
public record Figures(Map<Metric, Double> values) {
  /** Takes a copy. */
  public Figures {
    values = Map.copyOf(values);
  }

  /** The value, if it was measured. */
  public OptionalDouble get(Metric metric) {
    Double value = values.get(metric);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Collects figures. */
  static final class Builder {
    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

    Builder put(Metric metric, double value) {
      if (Double.isFinite(value)) {
        values.put(metric, value);
      }
      return this;
    }

    Builder put(Metric metric, OptionalDouble value) {
      value.ifPresent(known -> values.put(metric, known));
      return this;
    }

    Figures build() {
      return new Figures(values);
    }
  }
}
