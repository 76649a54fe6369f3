package io.offboarder.bench;

import io.offboarder.bench.report.Results;
import io.offboarder.bench.report.Results.Run;
import io.offboarder.bench.report.Table;
import io.offboarder.bench.run.Contender;
import io.offboarder.bench.run.Figures;
import io.offboarder.bench.run.Scenario;
import io.offboarder.bench.run.Stage;
import io.offboarder.bench.run.ThroughputRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Runs every scenario, its contenders in turn within each round, and reports. docs/BENCHMARKS.md
 * tells how and why.
 */
public final class Benchmark {
  private final BenchSettings settings;
  private final Stage stage;
  private final PrintWriter out;
  private final Results results = new Results();

  private Benchmark(BenchSettings settings, Stage stage, PrintWriter out) {
    this.settings = settings;
    this.stage = stage;
    this.out = out;
  }

  /** Takes the build's directory, with the jar in it. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path target = Path.of(args[0]).toAbsolutePath();
    BenchSettings settings = BenchSettings.fromSystemProperties();
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    try (Stage stage = Stage.open(target)) {
      new Benchmark(settings, stage, out).run();
    }
  }

  private void run() throws InterruptedException {
    for (Scenario scenario : settings.plan()) {
      out.println("\n## " + scenario.name() + "\n");
      throughput(scenario);
      out.println(Table.of(results, scenario.name()).text());
    }
  }

  private void throughput(Scenario scenario) throws InterruptedException {
    ThroughputRun run = new ThroughputRun(stage, settings.bounds(), scenario);
    String backlog = run.preload();
    for (int round = 1; round <= scenario.rounds(); round++) {
      for (Contender contender : scenario.contenders()) {
        Figures figures = run.run(contender, backlog, label(scenario, contender, round));
        results.add(new Run(scenario.name(), contender, round, figures));
      }
    }
  }

  private static String label(Scenario scenario, Contender contender, int round) {
    return scenario.name() + "/" + contender.name() + "-" + round;
  }
}
