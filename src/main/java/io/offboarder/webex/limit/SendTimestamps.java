package io.offboarder.webex.limit;

/** When the last requests were sent, as a ring of seconds; bounded. */
final class SendTimestamps {

  /** How far back it remembers. */
  static final int SIZE = 4096;

  private final double[] ring = new double[SIZE];
  private long count;

  void add(double sentAt) {
    ring[(int) (count++ % SIZE)] = sentAt;
  }

  /** How many of them were sent after one instant and not after another. */
  int between(double after, double until) {
    int stored = (int) Math.min(count, SIZE);
    int found = 0;
    for (int i = 0; i < stored; i++) {
      if (ring[i] > after && ring[i] <= until) {
        found++;
      }
    }
    return found;
  }

  /** The n-th last that was added; long ago where there are not as many. */
  double last(int n) {
    return n > Math.min(count, SIZE) ? Double.NEGATIVE_INFINITY : ring[(int) ((count - n) % SIZE)];
  }
}
