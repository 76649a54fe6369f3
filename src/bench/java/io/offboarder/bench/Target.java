package io.offboarder.bench;

import static io.offboarder.bench.run.Contender.BARE_CLIENT;
import static io.offboarder.bench.run.Contender.BATCH_JOIN;
import static io.offboarder.bench.run.Contender.OFFBOARDER;
import static io.offboarder.bench.run.Contender.OFFBOARDER_UNJOURNALED;
import static io.offboarder.bench.run.Contender.PARALLEL_TRANSACTIONAL;
import static io.offboarder.bench.run.Contender.PARALLEL_VERTX;

import io.offboarder.bench.report.Results;
import io.offboarder.bench.report.Summary;
import io.offboarder.bench.report.Table;
import io.offboarder.bench.run.Contender;
import io.offboarder.bench.run.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** What a benchmark should come out as, judged by medians of one and the same benchmark. */
record Target(String name, Sense sense, double bound, Function<Results, OptionalDouble> measured) {

  private enum Sense {
    AT_LEAST("≥"),
    AT_MOST("≤");

    private final String sign;

    Sense(String sign) {
      this.sign = sign;
    }

    boolean holds(double value, double bound) {
      return this == AT_LEAST ? value >= bound : value <= bound;
    }
  }

  /** The one that a build is stopped for: only something gone badly wrong gets below it. */
  static Target guard() {
    return share(Names.AT_0_MS, 0.2);
  }

  /** Those that docs/BENCHMARKS.md tells of. */
  static List<Target> published() {
    return List.of(
        times(Names.AT_0_MS, PARALLEL_VERTX, 1.8),
        times(Names.AT_0_MS, PARALLEL_TRANSACTIONAL, 3.5),
        times(Names.AT_0_MS, OFFBOARDER_UNJOURNALED, 0.90),
        times(Names.COLD_30_000_AT_0_MS, PARALLEL_VERTX, 1),
        times(Names.COLD_120_000_AT_0_MS, PARALLEL_VERTX, 1.15),
        times(Names.COLD_20_000_AT_20_MS, PARALLEL_VERTX, 1),
        share(Names.COLD_120_000_AT_0_MS, 0.70),
        share(Names.COLD_20_000_AT_20_MS, 0.92),
        times(Names.LONG_TAIL, BATCH_JOIN, 3),
        share(Names.AT_0_MS, 0.90),
        share(Names.TLS_AT_0_MS, 0.65),
        share(Names.AT_20_MS, 0.95),
        share(Names.AT_100_MS, 0.98),
        new Target(
            "CPU per event, of the bare client's, " + Names.AT_0_MS,
            Sense.AT_MOST,
            1.25,
            results ->
                ratio(
                    of(results, Names.AT_0_MS, OFFBOARDER, Metric.CPU_PER_1000),
                    of(results, Names.AT_0_MS, BARE_CLIENT, Metric.CPU_PER_1000))),
        aboveTheApi(Names.LOAD_AT_0_MS, 0),
        aboveTheApi(Names.LOAD_AT_20_MS, 20),
        aboveTheApi(Names.LOAD_AT_100_MS, 100),
        new Target(
            "CPU per event with 1,000,000 waiting, of that with 1,000",
            Sense.AT_MOST,
            1.05,
            results ->
                ratio(
                    of(results, Names.BACKLOG_OF_A_MILLION, OFFBOARDER, Metric.CPU_PER_1000),
                    of(results, Names.BACKLOG_OF_A_THOUSAND, OFFBOARDER, Metric.CPU_PER_1000))),
        new Target(
            "1,000,000 events worked off in a heap of 128 MiB: fullest heap, MiB",
            Sense.AT_MOST,
            128,
            results -> of(results, Names.MILLION_IN_SMALL_HEAP, OFFBOARDER, Metric.HEAP_MIB)),
        new Target(
            "start to the first API call, s, " + Names.AT_0_MS,
            Sense.AT_MOST,
            1.5,
            results -> of(results, Names.AT_0_MS, OFFBOARDER, Metric.START_SECONDS)),
        none(Metric.OUTCOMES_MISSING),
        none(Metric.OUTCOMES_TWICE));
  }

  private static Target times(String scenario, Contender rival, double bound) {
    return new Target(
        "events/s, times " + rival.title() + "'s, " + scenario,
        Sense.AT_LEAST,
        bound,
        results -> throughput(results, scenario, rival));
  }

  private static Target share(String scenario, double bound) {
    return new Target(
        "share of the bare client's events/s, " + scenario,
        Sense.AT_LEAST,
        bound,
        results -> throughput(results, scenario, BARE_CLIENT));
  }

  private static Target aboveTheApi(String scenario, int latencyMillis) {
    return new Target(
        "p99 to the outcome above three API calls, ms, " + scenario,
        Sense.AT_MOST,
        30,
        results -> {
          OptionalDouble p99 = of(results, scenario, OFFBOARDER, Metric.OUTCOME_P99_MILLIS);
          return p99.isEmpty() ? p99 : OptionalDouble.of(p99.getAsDouble() - 3 * latencyMillis);
        });
  }

  private static Target none(Metric metric) {
    return new Target(
        metric.title() + " after kill -9",
        Sense.AT_MOST,
        0,
        results ->
            results
                .spread(Names.CRASH, OFFBOARDER, metric)
                .map(summary -> OptionalDouble.of(summary.max()))
                .orElse(OptionalDouble.empty()));
  }

  private static OptionalDouble throughput(Results results, String scenario, Contender rival) {
    return ratio(
        of(results, scenario, OFFBOARDER, Metric.EVENTS_PER_SECOND),
        of(results, scenario, rival, Metric.EVENTS_PER_SECOND));
  }

  private static OptionalDouble of(
      Results results, String scenario, Contender contender, Metric metric) {
    Optional<Summary> spread = results.spread(scenario, contender, metric);
    return spread.isPresent() ? OptionalDouble.of(spread.get().median()) : OptionalDouble.empty();
  }

  private static OptionalDouble ratio(OptionalDouble ours, OptionalDouble theirs) {
    return ours.isPresent() && theirs.isPresent()
        ? OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble())
        : OptionalDouble.empty();
  }

  boolean isMissed(Results results) {
    OptionalDouble value = measured.apply(results);
    return value.isPresent() && !sense.holds(value.getAsDouble(), bound);
  }

  /** What was aimed at, what came out, whether that is met. */
  static Table table(List<Target> targets, Results results) {
    Table table = new Table(List.of("target", "bound", "measured", ""));
    for (Target target : targets) {
      OptionalDouble value = target.measured.apply(results);
      table.add(
          List.of(
              target.name,
              target.sense.sign + " " + number(target.bound),
              value.isPresent() ? number(value.getAsDouble()) : "–",
              value.isEmpty() ? "not measured" : target.isMissed(results) ? "missed" : "met"));
    }
    return table;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
