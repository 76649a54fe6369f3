package io.offboarder.policy;

import java.time.Duration;
import java.util.List;

/**
 * What is decided by configuration.
 *
 * @param clockSkew how far ahead of this machine's clock a moment may be and still be called now
 * @param ignoredTypes types of other services' events on the input topics, about which nothing is
 *     done; {@code *} stands for any characters
 */
public record PolicySettings(Duration clockSkew, List<String> ignoredTypes) {

  /** Copies the list. */
  public PolicySettings {
    ignoredTypes = List.copyOf(ignoredTypes);
  }

  /** Two minutes of difference between clocks, no types to pass over. */
  public static PolicySettings defaults() {
    return new PolicySettings(Duration.ofMinutes(2), List.of());
  }
}
