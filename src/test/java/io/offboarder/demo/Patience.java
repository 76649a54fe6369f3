package io.offboarder.demo;

import java.io.PrintStream;
import java.time.Duration;

/** Says now and then what is being waited for, on a daemon thread of its own. */
final class Patience {
  private final PrintStream out;
  private final Duration interval;
  private volatile String step = "";

  Patience(PrintStream out, Duration interval) {
    this.out = out;
    this.interval = interval;
    Thread thread = new Thread(this::speak, "patience");
    thread.setDaemon(true);
    thread.start();
  }

  /** What is being done from now on. */
  void with(String nextStep) {
    step = nextStep;
  }

  private void speak() {
    long began = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(interval.toMillis());
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        out.println("  … " + seconds + " s: " + step);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
