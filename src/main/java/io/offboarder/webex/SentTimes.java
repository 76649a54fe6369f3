package io.offboarder.webex;

import java.util.Arrays;

/** When the last accepted requests were sent, as a ring of seconds; bounded. */
final class SentTimes {

  private static final int SIZE = 4096;

  private final double[] ring = new double[SIZE];
  private long count;

  void add(double sentAt) {
    ring[(int) (count++ % SIZE)] = sentAt;
  }

  /** How many of them were sent at or after an instant. */
  int since(double instant) {
    int stored = (int) Math.min(count, SIZE);
    int found = 0;
    for (int i = 0; i < stored; i++) {
      if (ring[i] >= instant) {
        found++;
      }
    }
    return found;
  }

  /** When the n-th last of them was sent; NaN where there are not as many. */
  double last(int n) {
    int stored = (int) Math.min(count, SIZE);
    if (n < 1 || n > stored) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(ring, stored);
    Arrays.sort(sorted);
    return sorted[stored - n];
  }
}
