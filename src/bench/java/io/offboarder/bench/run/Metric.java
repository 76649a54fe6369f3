package io.offboarder.bench.run;

/** What is measured of a run. */
public enum Metric {
  /** Of the measured window, as the API saw it. */
  EVENTS_PER_SECOND("events/s", 0),
  /** The contender's own processor time in the window. */
  CPU_PER_1000("CPU s per 1,000", 3),
  /** Processors that the contender kept busy. */
  CORES("cores", 2),
  /** Processors that the bench API kept busy: near 1, it is what was measured. */
  API_CORES("API cores", 2),
  /** Processors that the broker kept busy. */
  BROKER_CORES("broker cores", 2),
  /** The broker's processor time in the window. */
  BROKER_CPU_PER_1000("broker CPU s per 1,000", 3),
  /** Requests that the API answered for each event. */
  REQUESTS_PER_EVENT("requests/event", 2),
  /** The most requests that the API had at one time. */
  MOST_IN_FLIGHT("in flight", 0),
  /** Answers other than 200 and 204. */
  ODD_ANSWERS("odd answers", 0),
  /** Median of how often {@link MachineSpeed} counts its words in a millisecond of a processor. */
  MACHINE_SPEED("machine speed", 1),
  /** From the start of the process to the API's first request. */
  START_SECONDS("start s", 2),
  /** The most resident memory. */
  RSS_MIB("RSS MiB", 0),
  /** The fullest heap at the start of a collection. */
  HEAP_MIB("heap MiB", 0),
  /** Median from the instant an event was due to the last delete for it. */
  DELETE_P50_MILLIS("delete p50 ms", 1),
  /** Its 99th percentile. */
  DELETE_P99_MILLIS("delete p99 ms", 1),
  /**
   * Median from the instant an event was due to its outcome, as a read_committed reader sees it.
   */
  OUTCOME_P50_MILLIS("outcome p50 ms", 1),
  /** Its 99th percentile. */
  OUTCOME_P99_MILLIS("outcome p99 ms", 1),
  /** Events due per second. */
  OFFERED_PER_SECOND("offered/s", 0),
  /** Events without an outcome. */
  OUTCOMES_MISSING("lost", 0),
  /** Outcomes beyond the first of their event. */
  OUTCOMES_TWICE("duplicates", 0);

  private final String title;
  private final int digits;

  Metric(String title, int digits) {
    this.title = title;
    this.digits = digits;
  }

  /** Its name for people, with its unit. */
  public String title() {
    return title;
  }

  /** How many digits after the point are worth showing. */
  public int digits() {
    return digits;
  }
}
