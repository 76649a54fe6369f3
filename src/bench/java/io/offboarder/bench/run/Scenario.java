package io.offboarder.bench.run;

import io.offboarder.bench.work.Wire;
import java.time.Duration;
import java.util.List;

/**
 * What contenders are put through.
 *
 * @param wire how the API is spoken to
 * @param latency the median time of an answer
 * @param p99 its 99th percentile; not above the median where it is fixed
 * @param events how many there are
 * @param waiting how many of them may be waiting at any time; as many as there are for a backlog
 *     that was there before
 * @param warm how long a contender runs before the window that is measured; if zero, that begins
 *     with the process
 * @param measure how long that window is at most
 * @param heapMiB of each contender
 */
public record Scenario(
    String name,
    Kind kind,
    Wire wire,
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

  /** The same over another wire, by another name. */
  public Scenario over(Wire other, String itsName) {
    return copy(itsName, other, warm, measure, rounds, contenders);
  }

  /** The same with other contenders. */
  public Scenario withContenders(List<Contender> others) {
    return copy(name, wire, warm, measure, rounds, others);
  }

  /** The same, so many times. */
  public Scenario withRounds(int times) {
    return copy(name, wire, warm, measure, times, contenders);
  }

  /** The same with another warm-up and another window; as it is where it is to be cold. */
  public Scenario within(Duration warmUp, Duration window) {
    return isCold() ? this : copy(name, wire, warmUp, window, rounds, contenders);
  }

  /** Whether it is measured from the start of the process. */
  private boolean isCold() {
    return kind == Kind.THROUGHPUT && warm.isZero();
  }

  private Scenario copy(
      String itsName,
      Wire itsWire,
      Duration itsWarm,
      Duration itsMeasure,
      int itsRounds,
      List<Contender> itsContenders) {
    return new Scenario(
        itsName,
        kind,
        itsWire,
        latency,
        p99,
        subjects,
        events,
        waiting,
        itsWarm,
        itsMeasure,
        itsRounds,
        heapMiB,
        itsContenders);
  }
}
