package io.offboarder.demo;

import java.io.PrintStream;
import java.time.Duration;

/** Says what is being waited for when nothing was shown for a while, on a daemon thread. */
final class Patience {
  private final PrintStream out;
  private final Duration silence;
  private final long began = System.nanoTime();
  private volatile long shown = began;
  private volatile String step = "";

  Patience(PrintStream out, Duration silence) {
    this.out = out;
    this.silence = silence;
    Thread thread = new Thread(this::speak, "patience");
    thread.setDaemon(true);
    thread.start();
  }

  /** What is being done from now on. */
  void with(String nextStep) {
    step = nextStep;
  }

  /** Shows a line. */
  void show(String line) {
    shown = System.nanoTime();
    out.println(line);
  }

  private void speak() {
    try {
      while (true) {
        Thread.sleep(100);
        if (System.nanoTime() - shown > silence.toNanos()) {
          show("  … " + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s: " + step);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
