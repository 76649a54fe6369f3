package io.offboarder.bench.run;

import io.offboarder.bench.api.ApiControl;
import io.offboarder.bench.api.Course;
import io.offboarder.bench.api.Mark;
import io.offboarder.bench.api.Standing;
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

  private final Stage stage;
  private final Bounds bounds;
  private final Scenario scenario;

  /** Runs of this scenario. */
  public ThroughputRun(Stage stage, Bounds bounds, Scenario scenario) {
    this.stage = stage;
    this.bounds = bounds;
    this.scenario = scenario;
  }

  /** Publishes the backlog, if it is there before the contender; returns its topic. */
  public @Nullable String preload() {
    if (isFed()) {
      return null;
    }
    String topic = stage.topic("input");
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
    return new Events(stage.bootstrapServers(), topic, people, lingerMillis);
  }

  /** Runs one contender on that backlog. */
  public Figures run(Contender contender, @Nullable String preloaded, String label)
      throws InterruptedException {
    String input = preloaded == null ? stage.topic("input") : preloaded;
    Task task = stage.task(input, bounds.concurrency(), bounds.throughputCommits());
    stage.api().begin(course());
    long begun = WallClock.micros();
    try (ContenderProcess process = stage.start(contender, task, scenario, bounds, label);
        Events feed = preloaded == null ? events(input, 0) : null) {
      Standing standing = awaitClosed(stage.api(), process, feed);
      return figures(standing, process, begun);
    } finally {
      stage.drop(task.outcomes());
      if (preloaded == null) {
        stage.drop(input);
      }
    }
  }

  private Course course() {
    return new Course(
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

  private Standing awaitClosed(ApiControl api, ContenderProcess process, @Nullable Events feed)
      throws InterruptedException {
    Duration most = PATIENCE.plus(scenario.warm()).plus(scenario.measure());
    long deadline = System.nanoTime() + most.toNanos();
    while (true) {
      Standing standing = api.standing();
      if (standing.closed() != null) {
        return standing;
      }
      process.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not through after " + most + ": " + standing);
      }
      if (feed != null) {
        feed.publishUpTo(standing.verified() + scenario.waiting());
      }
      Thread.sleep((feed == null ? LOOK : TOP_UP).toMillis());
    }
  }

  /** Unknown to an API that answers at once: it never has two requests at a time. */
  private OptionalDouble mostInFlight(Standing standing) {
    return scenario.latency().isZero()
        ? OptionalDouble.empty()
        : OptionalDouble.of(standing.mostInFlight());
  }

  private Figures figures(Standing standing, ContenderProcess process, long begun) {
    Mark opened = standing.opened();
    Mark closed = standing.closed();
    if (opened == null || closed == null) {
      throw new IllegalStateException("no window was measured: " + standing);
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
                Metric.REQUESTS_PER_EVENT,
                (double) (closed.requests() - opened.requests()) / events)
            .put(Metric.MOST_IN_FLIGHT, mostInFlight(standing))
            .put(Metric.ODD_ANSWERS, standing.odd())
            .put(Metric.MACHINE_SPEED, stage.speed().between(opened.atMicros(), closed.atMicros()))
            .put(Metric.START_SECONDS, (standing.firstRequestMicros() - begun) / 1e6)
            .put(Metric.RSS_MIB, process.peakRssMiB());
    process.stop();
    return figures.put(Metric.HEAP_MIB, process.peakHeapMiB()).build();
  }
}
