package io.offboarder.stream;

/** Counts work of one kind in flight, from its admission to its release. */
final class Load {
  private int admitted;
  private int waiting;
  private int running;
  private long bytes;

  /** All of it. */
  int count() {
    return admitted;
  }

  /** What runs. */
  int running() {
    return running;
  }

  /** Those that wait for an earlier one of their subject. */
  int waiting() {
    return waiting;
  }

  /** Those that do not: their work may start, runs, or is done and not committed. */
  int active() {
    return admitted - waiting;
  }

  /** What all of them hold in memory. */
  long bytes() {
    return bytes;
  }

  void admitted(InFlightWork work) {
    admitted++;
    bytes += work.bytes();
  }

  void released(InFlightWork work) {
    admitted--;
    bytes -= work.bytes();
  }

  void started() {
    running++;
  }

  void returned() {
    running--;
  }

  void waits() {
    waiting++;
  }

  void waitsNoMore() {
    waiting--;
  }
}
