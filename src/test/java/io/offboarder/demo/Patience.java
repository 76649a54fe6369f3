package io.offboarder.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;

/** Says what is being waited for when nothing was shown for a while, on a daemon thread. */
final class Patience {
  private static final long BETWEEN_LOOKS_MILLIS = 100;

  private final PrintStream out;
  private final Duration silence;
  private final long began = System.nanoTime();
  private volatile long shown = began;
  private volatile String step = "";

  Patience(PrintStream out, Duration silence) {
    this.out = out;
    this.silence = silence;
    TimerTask speaking =
        new TimerTask() {
          @Override
          public void run() {
            speak();
          }
        };
    new Timer("patience", true).schedule(speaking, BETWEEN_LOOKS_MILLIS, BETWEEN_LOOKS_MILLIS);
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
    if (System.nanoTime() - shown > silence.toNanos()) {
      show("  … " + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s: " + step);
    }
  }
}
