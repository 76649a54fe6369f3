package io.offboarder.sandbox;

import java.util.OptionalInt;

/**
 * Requests per second, counted in windows of one second. A choice: Webex publishes neither its
 * limits nor how it counts. Confined to the sandbox's event loop.
 */
final class Quota {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private int allowed;
  private long window = Long.MIN_VALUE;
  private int taken;

  Quota(OptionalInt allowed) {
    this.allowed = allowed.orElse(Integer.MAX_VALUE);
  }

  void allow(int requestsPerSecond) {
    allowed = requestsPerSecond;
  }

  /** Takes a request in; returns the seconds to wait if there is no room for it, else 0. */
  int take() {
    long now = Math.floorDiv(System.nanoTime(), SECOND_NANOS);
    if (now != window) {
      window = now;
      taken = 0;
    }
    return ++taken > allowed ? 1 : 0;
  }
}
