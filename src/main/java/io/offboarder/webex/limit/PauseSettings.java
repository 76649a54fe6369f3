package io.offboarder.webex.limit;

import java.time.Duration;

/**
 * How long everything waits after a 429 or 423.
 *
 * @param unnamed when the answer names no time that makes sense; doubles with each such answer in a
 *     row, up to a minute
 * @param longest bound on what an answer may name
 */
public record PauseSettings(Duration unnamed, Duration longest) {

  /** Checks that both are positive. */
  public PauseSettings {
    requirePositive("pauses.unnamed", unnamed);
    requirePositive("pauses.longest", longest);
  }

  /** One second; at most 15 minutes. */
  public static PauseSettings defaults() {
    return new PauseSettings(Duration.ofSeconds(1), Duration.ofMinutes(15));
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + "; expected above zero");
    }
  }
}
