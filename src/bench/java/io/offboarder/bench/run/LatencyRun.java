package io.offboarder.bench.run;

import io.offboarder.bench.api.RunPlan;
import io.offboarder.bench.work.Task;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Events that are due at an even rate, independent of how those before fare. Times count from the
 * instant that an event was due, not from when it could be sent, so a stall is not hidden by the
 * events that it kept from being asked for.
 */
public final class LatencyRun {
  /** At a fifth of what the slowest contender does at full speed once it is warm. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration SETTLE_WITHIN = Duration.ofSeconds(20);
  private static final long LEAD_MICROS = 100_000;

  /**
   * Worked off at full speed before the warm-up at the rate. A JVM compiles what was called often
   * enough, which took all processes some 75 s at full speed; at some hundred events a second it
   * takes minutes, in which the compilers take the processors from everybody.
   */
  private static final int AT_FULL_SPEED = 150_000;

  private final TestBed testBed;
  private final Bounds bounds;
  private final Scenario scenario;
  private final double perSecond;

  /** Runs of this scenario at this rate. */
  public LatencyRun(TestBed testBed, Bounds bounds, Scenario scenario, double perSecond) {
    this.testBed = testBed;
    this.bounds = bounds;
    this.scenario = scenario;
    this.perSecond = perSecond;
  }

  /** Runs one contender. */
  public Figures run(Contender contender, String label) throws InterruptedException {
    int warm = AT_FULL_SPEED + eventsIn(scenario.warm());
    int events = warm + eventsIn(scenario.measure());
    String input = testBed.topic("input");
    Task task = testBed.task(input, scenario.wire(), bounds.concurrency(), bounds.latencyCommits());
    testBed.api().begin(course(events));
    int[] people = scenario.subjects().of(events);
    try (ContenderProcess process = testBed.start(contender, task, scenario, bounds, label);
        Events publisher = new Events(testBed.bootstrapServers(), input, people, 0);
        OutcomeWatch outcomes = OutcomeWatch.start(task, events)) {
      publisher.publishUpTo(AT_FULL_SPEED);
      awaitVerified(AT_FULL_SPEED, process);
      long[] due = new long[events];
      publish(publisher, due, warm);
      awaitVerified(warm, process);
      publish(publisher, due, events);
      outcomes.await(events, SETTLE_WITHIN);
      process.requireAlive();
      long[] deleted = testBed.api().deletions();
      Latencies toDelete = new Latencies(events - warm);
      Latencies toOutcome = new Latencies(events - warm);
      for (int i = warm; i < events; i++) {
        toDelete.add(due[i], deleted[people[i]]);
        toOutcome.add(due[i], outcomes.atMicros(i));
      }
      return new Figures.Builder()
          .put(Metric.OFFERED_PER_SECOND, perSecond)
          .put(Metric.DELETE_P50_MILLIS, toDelete.percentileMillis(50))
          .put(Metric.DELETE_P99_MILLIS, toDelete.percentileMillis(99))
          .put(Metric.OUTCOME_P50_MILLIS, toOutcome.percentileMillis(50))
          .put(Metric.OUTCOME_P99_MILLIS, toOutcome.percentileMillis(99))
          .put(Metric.MACHINE_SPEED, testBed.speed().between(due[warm], due[events - 1]))
          .put(Metric.OUTCOMES_MISSING, events - outcomes.distinct())
          .put(Metric.OUTCOMES_TWICE, outcomes.twice())
          .build();
    } finally {
      testBed.drop(task.outcomes());
      testBed.drop(input);
    }
  }

  private int eventsIn(Duration time) {
    return (int) Math.max(1, perSecond * time.toMillis() / 1000);
  }

  private RunPlan course(int events) {
    int latency = (int) scenario.latency().toMillis();
    int p99 = (int) scenario.p99().toMillis();
    return new RunPlan(
        events, events, false, latency, p99, AT_FULL_SPEED, events, 3_600_000, 3_600_000);
  }

  /** What a contender owes from its warm-up is not to weigh on the window that is measured. */
  private void awaitVerified(int events, ContenderProcess process) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (testBed.api().standing().verified() < events) {
      process.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(events + " events were not done within " + PATIENCE);
      }
      Thread.sleep(50);
    }
  }

  /**
   * Publishes each event up to this one when it is due, or as soon after as it can, and notes when
   * each was due.
   */
  private void publish(Events publisher, long[] due, int upTo) {
    int first = publisher.published();
    long start = WallClock.micros() + LEAD_MICROS;
    for (int i = first; i < upTo; i++) {
      due[i] = start + (long) ((i - first) * 1e6 / perSecond);
      for (long left = due[i] - WallClock.micros(); left > 0; left = due[i] - WallClock.micros()) {
        LockSupport.parkNanos(left * 1_000);
      }
      publisher.publishNext();
    }
    publisher.settle();
  }
}
