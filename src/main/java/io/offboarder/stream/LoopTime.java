package io.offboarder.stream;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The loop's view of time. A seam: a simulation turns the clock itself. */
interface LoopTime {

  /** Time since some fixed moment, never going back. */
  Duration now();

  /** Lets time pass; may return early. */
  void pause(Duration atMost);

  /** The time of this machine. */
  static LoopTime system() {
    long start = System.nanoTime();
    return new LoopTime() {
      @Override
      public Duration now() {
        return Duration.ofNanos(System.nanoTime() - start);
      }

      @Override
      public void pause(Duration atMost) {
        LockSupport.parkNanos(atMost.toNanos());
      }
    };
  }
}
