package io.offboarder.stream;

/** Counts records in flight, from their admission to their release. */
final class Load {
  private int records;
  private int waiting;
  private long bytes;

  /** All records. */
  int records() {
    return records;
  }

  /** Those that wait for an earlier one of their subject. */
  int waiting() {
    return waiting;
  }

  /** Those that do not: their work may start, runs, or is done and not committed. */
  int active() {
    return records - waiting;
  }

  /** What all of them hold in memory. */
  long bytes() {
    return bytes;
  }

  void admitted(InFlightRecord record) {
    records++;
    bytes += record.bytes();
  }

  void released(InFlightRecord record) {
    records--;
    bytes -= record.bytes();
  }

  void waits() {
    waiting++;
  }

  void waitsNoMore() {
    waiting--;
  }
}
