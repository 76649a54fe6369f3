package io.offboarder.bench.run;

import io.offboarder.bench.api.RunPlan;
import io.offboarder.bench.work.Task;
import java.time.Duration;

/**
 * A contender is killed with -9 after a third of the events and started again. Then every event
 * must have an outcome, and only one.
 */
public final class CrashRun {
  private static final Duration QUIET = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final TestBed testBed;
  private final Bounds bounds;
  private final Scenario scenario;

  /** Runs of this scenario. */
  public CrashRun(TestBed testBed, Bounds bounds, Scenario scenario) {
    this.testBed = testBed;
    this.bounds = bounds;
    this.scenario = scenario;
  }

  /** Runs one contender. */
  public Figures run(Contender contender, String label) throws InterruptedException {
    int events = scenario.events();
    String input = testBed.topic("input");
    Task task =
        testBed.task(input, scenario.wire(), bounds.concurrency(), bounds.throughputCommits());
    try (Events publisher =
        new Events(testBed.bootstrapServers(), input, scenario.subjects().of(events), 5)) {
      publisher.publishUpTo(events);
      publisher.settle();
    }
    int latency = (int) scenario.latency().toMillis();
    testBed.api().begin(new RunPlan(events, events, false, latency, latency, 0, events, 0, 0));
    try (OutcomeLog reader = new OutcomeLog(task.bootstrapServers(), task.outcomes())) {
      try (ContenderProcess first = testBed.start(contender, task, scenario, bounds, label)) {
        awaitThird(first);
        first.kill();
      }
      try (ContenderProcess second =
          testBed.start(contender, task, scenario, bounds, label + "-again")) {
        readUntilQuiet(reader, second);
      }
      return new Figures.Builder()
          .put(Metric.OUTCOMES_MISSING, events - reader.distinct())
          .put(Metric.OUTCOMES_TWICE, reader.twice())
          .put(Metric.REQUESTS_PER_EVENT, (double) testBed.api().standing().requests() / events)
          .build();
    } finally {
      testBed.drop(task.outcomes());
      testBed.drop(input);
    }
  }

  private void awaitThird(ContenderProcess process) throws InterruptedException {
    long deadline = System.nanoTime() + scenario.measure().toNanos();
    while (testBed.api().standing().verified() < scenario.events() / 3) {
      process.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("a third was not done after " + scenario.measure());
      }
      Thread.sleep(20);
    }
  }

  /** Reads on past the last first outcome, for a second one may follow. */
  private void readUntilQuiet(OutcomeLog reader, ContenderProcess process) {
    long lastChange = System.nanoTime();
    int before = -1;
    while (System.nanoTime() - lastChange < QUIET.toNanos()) {
      process.requireAlive();
      reader.read(LOOK, event -> {});
      int now = reader.distinct() + reader.twice();
      if (now != before) {
        before = now;
        lastChange = System.nanoTime();
      }
    }
  }
}
