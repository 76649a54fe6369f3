package io.offboarder.guard;

import io.offboarder.guard.GuardKey.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bounds. All instances of a group must have the same, or they count differently.
 *
 * @param terminations of so many people at most within a window; 0 for any number
 * @param decommissions likewise of apps
 * @param window how far back is counted
 * @param perOrg whether each org is counted for itself
 */
public record GuardSettings(int terminations, int decommissions, Duration window, boolean perOrg) {
  /** Bounds nothing. */
  public static final GuardSettings OFF = new GuardSettings(0, 0, Duration.ofHours(1), false);

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException if a bound is negative or the window is not positive
   */
  public GuardSettings {
    if (terminations < 0 || decommissions < 0) {
      throw new IllegalArgumentException("a guard's limit must not be negative");
    }
    if (window.isZero() || window.isNegative()) {
      throw new IllegalArgumentException("a guard's window must be positive, was " + window);
    }
  }

  /** 500 people and 10 apps an hour, all orgs together. */
  public static GuardSettings defaults() {
    return new GuardSettings(500, 10, Duration.ofHours(1), false);
  }

  /** How many are let through within a window; 0 for any number. */
  public int limit(Kind kind) {
    return kind == Kind.TERMINATIONS ? terminations : decommissions;
  }

  /** Whether anything is bounded. */
  public boolean isOn() {
    return terminations > 0 || decommissions > 0;
  }

  GuardKey key(Kind kind, @Nullable String org) {
    return new GuardKey(kind, perOrg && org != null ? org : "");
  }
}
