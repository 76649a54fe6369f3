package io.offboarder.webex.limit;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: a uniform delay between nothing and a bound that doubles
 * with every failure, which spreads retries best ("Exponential Backoff And Jitter", AWS
 * Architecture Blog, 2015).
 */
public record Backoff(Duration first, Duration longest) {

  /** The longest delay after so many failures in a row, from 1. */
  public Duration bound(int failures) {
    int doublings = Math.min(Math.max(0, failures - 1), 30);
    double nanos = Math.min((double) longest.toNanos(), first.toNanos() * Math.pow(2, doublings));
    return Duration.ofNanos((long) nanos);
  }

  /** A random delay, uniform between nothing and {@link #bound}. */
  public Duration delay(int failures, RandomGenerator random) {
    return Duration.ofNanos((long) (bound(failures).toNanos() * random.nextDouble()));
  }
}
