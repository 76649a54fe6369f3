package io.offboarder.bench.run;

import java.time.Duration;
import java.util.List;

/**
 * What contenders are put through.
 *
 * @param latency the median time of an answer
 * @param p99 its 99th percentile; not above the median where it is fixed
 * @param events how many there are
 * @param waiting how many of them may be waiting at any time; as many as there are for a backlog
 *     that was there before
 * @param warm how long a contender runs before the window that is measured
 * @param measure how long that window is at most
 * @param heapMiB of each contender
 */
public record Scenario(
    String name,
    Kind kind,
    Duration latency,
    Duration p99,
    Subjects subjects,
    int events,
    int waiting,
    Duration warm,
    Duration measure,
    int rounds,
    int heapMiB,
    List<Contender> contenders) {

  /** What a run consists of. */
  public enum Kind {
    /** Work off what is waiting. */
    THROUGHPUT,
    /** Keep up with events that are due at an even rate, half of what Offboarder can. */
    LATENCY,
    /** Be killed in the middle and started again. */
    CRASH
  }

  /** The same with other contenders. */
  public Scenario withContenders(List<Contender> others) {
    return new Scenario(
        name, kind, latency, p99, subjects, events, waiting, warm, measure, rounds, heapMiB,
        others);
  }

  /** The same, so many times. */
  public Scenario withRounds(int times) {
    return new Scenario(
        name,
        kind,
        latency,
        p99,
        subjects,
        events,
        waiting,
        warm,
        measure,
        times,
        heapMiB,
        contenders);
  }

  /** The same with another warm-up and another window. */
  public Scenario within(Duration warmUp, Duration window) {
    return new Scenario(
        name,
        kind,
        latency,
        p99,
        subjects,
        events,
        waiting,
        warmUp,
        window,
        rounds,
        heapMiB,
        contenders);
  }
}
