package io.offboarder.bench.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.bench.work.Listed;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;

/**
 * How much a processor gets done in a second of its time. A virtual one shares its core and caches
 * with strangers, so the same work takes more of its time in one minute than in the next, and a
 * contender's processor time per event with it. Four times a second a thread reads the same answer
 * of the API some hundred times, and notes how many it read per millisecond of its own processor
 * time, in which waiting for a processor does not count. That takes less than a hundredth of one.
 */
public final class MachineSpeed implements AutoCloseable {
  private static final long BETWEEN_NANOS = 250_000_000;
  private static final int READS = 200;
  private static final int READS_TO_WARM_UP = 200_000;

  /** An hour and more. */
  private static final int KEPT = 20_000;

  private static final byte[] ANSWER =
      """
      {"items":[
      {"id":"Y2lzY29zcGFyazovL3VzL0FVVEhPUklaQVRJT04vYWNjZXNz","applicationId":"Y2lzY29zcGFyazov",
      "applicationName":"Bench","clientId":"C7aa1ba0c0a5b34a9","created":"2026-01-02T03:04:05.678Z",
      "orgId":"Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9i","scope":["spark:all","spark:kms"],
      "type":"access"},
      {"id":"Y2lzY29zcGFyazovL3VzL0FVVEhPUklaQVRJT04vcmVmcmVzaA","applicationId":"Y2lzY29zcGFyazov",
      "applicationName":"Bench","clientId":"C7aa1ba0c0a5b34a9","created":"2026-01-02T03:04:05.678Z",
      "orgId":"Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9i","scope":["spark:all","spark:kms"],
      "type":"refresh"}]}
      """
          .getBytes(UTF_8);

  private static final int ITEMS = 2;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Thread thread = new Thread(this::look, "machine-speed");
  private final long[] micros = new long[KEPT];
  private final double[] perMilli = new double[KEPT];
  private int looks;

  private MachineSpeed() {
    thread.setDaemon(true);
  }

  /** Looks from now on, until it is closed. */
  static MachineSpeed start() {
    MachineSpeed speed = new MachineSpeed();
    speed.thread.start();
    return speed;
  }

  private void look() {
    read(READS_TO_WARM_UP);
    while (!Thread.currentThread().isInterrupted()) {
      long before = threads.getCurrentThreadCpuTime();
      read(READS);
      long taken = threads.getCurrentThreadCpuTime() - before;
      if (taken > 0) {
        note(WallClock.micros(), READS * 1e6 / taken);
      }
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
  }

  private void read(int times) {
    for (int i = 0; i < times; i++) {
      if (Listed.read(ANSWER).size() != ITEMS) {
        throw new IllegalStateException("misread");
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
