package io.offboarder.stream;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The loop's view of time. A seam: a simulation turns the clock itself. */
interface LoopClock {

  /** Time since some fixed moment, never going back. */
  Duration now();

  /** Lets time pass, on the loop's own thread; may return early. */
  void pause(Duration atMost);

  /** Ends a pause early; from any thread. */
  void wake();

  /** The time of this machine. */
  static LoopClock system() {
    long start = System.nanoTime();
    return new LoopClock() {
      private volatile @Nullable Thread loop;

      @Override
      public Duration now() {
        return Duration.ofNanos(System.nanoTime() - start);
      }

      @Override
      public void pause(Duration atMost) {
        loop = Thread.currentThread();
        LockSupport.parkNanos(atMost.toNanos());
      }

      @Override
      public void wake() {
        LockSupport.unpark(loop);
      }
    };
  }
}
