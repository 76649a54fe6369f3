package io.offboarder.bench;

import io.offboarder.bench.report.Report;
import io.offboarder.bench.report.Results;
import io.offboarder.bench.report.Results.Run;
import io.offboarder.bench.report.Table;
import io.offboarder.bench.run.Contender;
import io.offboarder.bench.run.CrashRun;
import io.offboarder.bench.run.Figures;
import io.offboarder.bench.run.LatencyRun;
import io.offboarder.bench.run.Metric;
import io.offboarder.bench.run.Scenario;
import io.offboarder.bench.run.TestBed;
import io.offboarder.bench.run.ThroughputRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs every scenario, its contenders in turn within each round, and reports. docs/BENCHMARKS.md
 * tells how and why.
 */
public final class Benchmark {
  /** The share of what Offboarder can do that it is offered where time is what counts. */
  private static final double LOAD = 0.5;

  private final BenchSettings settings;
  private final TestBed testBed;
  private final PrintWriter out;
  private final Results results = new Results();

  private Benchmark(BenchSettings settings, TestBed testBed, PrintWriter out) {
    this.settings = settings;
    this.testBed = testBed;
    this.out = out;
  }

  /** How one contender goes through one scenario. */
  private interface ScenarioRun {
    Figures run(Contender contender, String label) throws InterruptedException;
  }

  /** Takes the build's directory, with the jar in it; ends with 1 if a guarded target is missed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path target = Path.of(args[0]).toAbsolutePath();
    BenchSettings settings = BenchSettings.fromSystemProperties();
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    boolean kept;
    try (TestBed testBed = TestBed.open(target)) {
      kept = new Benchmark(settings, testBed, out).run(target.resolve("bench"));
    }
    System.exit(kept ? 0 : 1);
  }

  private boolean run(Path directory) throws IOException, InterruptedException {
    Report report = new Report(directory, settings.facts());
    out.println(report.facts());
    for (Scenario scenario : settings.plan()) {
      out.println("\n## " + scenario.name() + "\n");
      repeat(scenario, course(scenario));
      out.println("\n" + Table.of(results, scenario.name()).text());
      report.write(results);
    }
    List<Target> targets = isGuard() ? List.of(Target.guard()) : Target.published();
    Table verdicts = Target.table(targets, results);
    out.println("\n## targets\n\n" + verdicts.text());
    report.write(results, verdicts);
    out.println("written to " + directory);
    return !isGuard() || targets.stream().noneMatch(target -> target.isMissed(results));
  }

  private boolean isGuard() {
    return settings.profile() == Profile.GUARD;
  }

  private void repeat(Scenario scenario, ScenarioRun course) throws InterruptedException {
    for (int round = 1; round <= scenario.rounds(); round++) {
      for (Contender contender : scenario.contenders()) {
        out.println("round " + round + " of " + scenario.rounds() + ": " + contender.title());
        String label = scenario.name() + "/" + contender.name() + "-" + round;
        Figures figures = course.run(contender, label);
        results.add(new Run(scenario.name(), contender, round, figures));
      }
      // A machine that was slow for one contender alone is not so three times; a regression is.
      if (isGuard() && !Target.guard().isMissed(results)) {
        out.println("no other round is needed");
        return;
      }
    }
  }

  private ScenarioRun course(Scenario scenario) throws InterruptedException {
    return switch (scenario.kind()) {
      case THROUGHPUT -> {
        ThroughputRun run = new ThroughputRun(testBed, settings.bounds(), scenario);
        String backlog = run.preload();
        yield (contender, label) -> run.run(contender, backlog, label);
      }
      case LATENCY -> new LatencyRun(testBed, settings.bounds(), scenario, rate(scenario))::run;
      case CRASH -> new CrashRun(testBed, settings.bounds(), scenario)::run;
    };
  }

  /** Half of what Offboarder did with a backlog in this benchmark, or does now. */
  private double rate(Scenario scenario) throws InterruptedException {
    String backlog = Names.backlogFor(scenario.name());
    if (results.contenders(backlog).isEmpty()) {
      Scenario once =
          Profile.LONG.scenarios().stream()
              .filter(one -> one.name().equals(backlog))
              .findFirst()
              .orElseThrow()
              .withContenders(List.of(Contender.OFFBOARDER))
              .withRounds(1);
      repeat(once, course(once));
    }
    return results
        .spread(backlog, Contender.OFFBOARDER, Metric.EVENTS_PER_SECOND)
        .map(summary -> summary.median() * LOAD)
        .orElseThrow();
  }
}
