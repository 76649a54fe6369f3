package io.offboarder.bench.run;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * How much a processor gets done in a second of its time. A virtual one shares its core and caches
 * with strangers, so the same work takes more of its time in one minute than in the next, and a
 * contender's processor time per event with it. Four times a second a thread counts the words of a
 * text fifty times, and notes how many times per millisecond of its own processor time, in which
 * waiting for a processor does not count. That takes a hundredth of one.
 */
public final class MachineSpeed implements AutoCloseable {
  private static final long BETWEEN_NANOS = 250_000_000;
  private static final int TURNS = 50;
  private static final int TURNS_TO_WARM_UP = 50_000;

  /** An hour and more. */
  private static final int KEPT = 20_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Thread thread = new Thread(this::look, "machine-speed");
  private final long[] micros = new long[KEPT];
  private final double[] perMilli = new double[KEPT];
  private final byte[] text = new byte[16 << 10];
  private final int[] counts = new int[8 << 10];
  private int looks;

  private MachineSpeed() {
    thread.setDaemon(true);
    new Random(1).nextBytes(text);
  }

  /** Looks from now on, until it is closed. */
  static MachineSpeed start() {
    MachineSpeed speed = new MachineSpeed();
    speed.thread.start();
    return speed;
  }

  private void look() {
    turn(TURNS_TO_WARM_UP);
    while (!Thread.currentThread().isInterrupted()) {
      long before = threads.getCurrentThreadCpuTime();
      turn(TURNS);
      long taken = threads.getCurrentThreadCpuTime() - before;
      if (taken > 0) {
        note(WallClock.micros(), TURNS * 1e6 / taken);
      }
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
  }

  /** Something with branches and a table, as parsers are made of, and always the same. */
  private void turn(int times) {
    for (int i = 0; i < times; i++) {
      int word = 0;
      for (byte letter : text) {
        if ((letter & 7) == 0) {
          counts[word & counts.length - 1]++;
          word = 0;
        } else {
          word = 31 * word + letter;
        }
      }
    }
  }

  private synchronized void note(long atMicros, double value) {
    micros[looks % KEPT] = atMicros;
    perMilli[looks % KEPT] = value;
    looks++;
  }

  /** The median between two instants of the wall clock, if it was looked at. */
  synchronized OptionalDouble between(long fromMicros, long toMicros) {
    double[] seen = new double[Math.min(looks, KEPT)];
    int count = 0;
    for (int i = 0; i < seen.length; i++) {
      if (micros[i] >= fromMicros && micros[i] <= toMicros) {
        seen[count++] = perMilli[i];
      }
    }
    if (count == 0) {
      return OptionalDouble.empty();
    }
    Arrays.sort(seen, 0, count);
    return OptionalDouble.of(seen[count / 2]);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
