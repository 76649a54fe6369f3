package io.offboarder.bench.run;

import io.offboarder.bench.api.ApiControl;
import io.offboarder.bench.api.Checkpoint;
import io.offboarder.bench.api.RunPlan;
import io.offboarder.bench.api.RunProgress;
import io.offboarder.bench.work.Task;
import java.time.Duration;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A contender works off what is waiting. What is waiting before it starts is published once, by
 * {@link #preload}, and serves every contender and every round.
 */
public final class ThroughputRun {
  /** A window in which nothing happens for so long will not close by itself. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration TOP_UP = Duration.ofMillis(20);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final TestBed testBed;
  private final Bounds bounds;
  private final Scenario scenario;

  /** Runs of this scenario. */
  public ThroughputRun(TestBed testBed, Bounds bounds, Scenario scenario) {
    this.testBed = testBed;
    this.bounds = bounds;
    this.scenario = scenario;
  }

  /** Publishes the backlog, if it is there before the contender; returns its topic. */
  public @Nullable String preload() {
    if (isFed()) {
      return null;
    }
    String topic = testBed.topic("input");
    try (Events events = events(topic, 5)) {
      events.publishUpTo(scenario.events());
      events.settle();
    }
    return topic;
  }

  private boolean isFed() {
    return scenario.waiting() < scenario.events();
  }

  private Events events(String topic, int lingerMillis) {
    int[] people = scenario.subjects().of(scenario.events());
    return new Events(testBed.bootstrapServers(), topic, people, lingerMillis);
  }

  /** Runs one contender on that backlog. */
  public Figures run(Contender contender, @Nullable String preloaded, String label)
      throws InterruptedException {
    String input = preloaded == null ? testBed.topic("input") : preloaded;
    Task task =
        testBed.task(input, scenario.wire(), bounds.concurrency(), bounds.throughputCommits());
    testBed.api().begin(course());
    long begun = WallClock.micros();
    try (ContenderProcess process = testBed.start(contender, task, scenario, bounds, label);
        Events feed = preloaded == null ? events(input, 0) : null) {
      RunProgress progress = awaitClosed(testBed.api(), process, feed);
      return figures(progress, process, begun);
    } finally {
      testBed.drop(task.outcomes());
      if (preloaded == null) {
        testBed.drop(input);
      }
    }
  }

  private RunPlan course() {
    return new RunPlan(
        scenario.subjects().people(scenario.events()),
        scenario.events(),
        scenario.subjects() == Subjects.HOT,
        (int) scenario.latency().toMillis(),
        (int) scenario.p99().toMillis(),
        0,
        scenario.events() / 2,
        (int) scenario.warm().toMillis(),
        (int) scenario.measure().toMillis());
  }

  private RunProgress awaitClosed(ApiControl api, ContenderProcess process, @Nullable Events feed)
      throws InterruptedException {
    Duration most = PATIENCE.plus(scenario.warm()).plus(scenario.measure());
    long deadline = System.nanoTime() + most.toNanos();
    while (true) {
      RunProgress progress = api.standing();
      if (progress.closed() != null) {
        return progress;
      }
      process.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not through after " + most + ": " + progress);
      }
      if (feed != null) {
        feed.publishUpTo(progress.verified() + scenario.waiting());
      }
      Thread.sleep((feed == null ? LOOK : TOP_UP).toMillis());
    }
  }

  /** Unknown to an API that answers at once: it never has two requests at a time. */
  private OptionalDouble mostInFlight(RunProgress progress) {
    return scenario.latency().isZero()
        ? OptionalDouble.empty()
        : OptionalDouble.of(progress.mostInFlight());
  }

  private Figures figures(RunProgress progress, ContenderProcess process, long begun) {
    Checkpoint opened = progress.opened();
    Checkpoint closed = progress.closed();
    if (opened == null || closed == null) {
      throw new IllegalStateException("no window was measured: " + progress);
    }
    double seconds = (closed.atMicros() - opened.atMicros()) / 1e6;
    int events = closed.verified() - opened.verified();
    double cpu = (closed.contenderCpuNanos() - opened.contenderCpuNanos()) / 1e9;
    Figures.Builder figures =
        new Figures.Builder()
            .put(Metric.EVENTS_PER_SECOND, events / seconds)
            .put(Metric.CPU_PER_1000, 1000 * cpu / events)
            .put(Metric.CORES, cpu / seconds)
            .put(Metric.API_CORES, (closed.apiCpuNanos() - opened.apiCpuNanos()) / 1e9 / seconds)
            .put(
                Metric.BROKER_CORES,
                (closed.brokerCpuNanos() - opened.brokerCpuNanos()) / 1e9 / seconds)
            .put(
                Metric.BROKER_CPU_PER_1000,
                (closed.brokerCpuNanos() - opened.brokerCpuNanos()) / 1e6 / events)
            .put(
                Metric.REQUESTS_PER_EVENT,
                (double) (closed.requests() - opened.requests()) / events)
            .put(Metric.MOST_IN_FLIGHT, mostInFlight(progress))
            .put(Metric.ODD_ANSWERS, progress.odd())
            .put(
                Metric.MACHINE_SPEED, testBed.speed().between(opened.atMicros(), closed.atMicros()))
            .put(Metric.START_SECONDS, (progress.firstRequestMicros() - begun) / 1e6)
            .put(Metric.RSS_MIB, process.peakRssMiB());
    process.stop();
    return figures.put(Metric.HEAP_MIB, process.peakHeapMiB()).build();
  }
}
