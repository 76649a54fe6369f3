package io.offboarder.webex.gate;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.limit.PauseSettings;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * How many requests go out, how often one is made again, and how the API's trouble is met.
 *
 * @param maxConcurrency requests in flight at any time, token refreshes included
 * @param maxRequestsPerSecond a ceiling below what the API would allow
 * @param names how people are named in the log, where the API's words may name them
 */
public record GateSettings(
    int maxConcurrency,
    OptionalDouble maxRequestsPerSecond,
    Retries retries,
    Probes probes,
    PauseSettings pauses,
    Pseudonymizer names) {

  private static final int USUAL_CONCURRENCY = 64;

  /** Checks every setting; the message names the first that is wrong. */
  public GateSettings {
    require(maxConcurrency >= 1, "maxConcurrency", maxConcurrency, "at least 1");
    if (maxRequestsPerSecond.isPresent()) {
      double rate = maxRequestsPerSecond.getAsDouble();
      require(rate > 0 && Double.isFinite(rate), "maxRequestsPerSecond", rate, "above 0");
    }
  }

  /** 64 requests in flight, as many a second as the API allows. */
  public static GateSettings defaults() {
    return new GateSettings(
        USUAL_CONCURRENCY,
        OptionalDouble.empty(),
        Retries.defaults(),
        Probes.defaults(),
        PauseSettings.defaults(),
        Pseudonymizer.NONE);
  }

  /**
   * How long a request is tried that keeps failing while the API is otherwise healthy. Attempts
   * made during an outage, a pause or while the credentials are refused do not count.
   *
   * @param maxAttempts failed attempts after which the request ends
   * @param maxTime spent failing and backing off, after which the request ends
   * @param firstBackoff the bound of the first random delay; it doubles with each failure
   * @param maxBackoff the bound it grows to
   */
  public record Retries(
      int maxAttempts, Duration maxTime, Duration firstBackoff, Duration maxBackoff) {
    /** Checks the values. */
    public Retries {
      require(maxAttempts >= 1, "retries.maxAttempts", maxAttempts, "at least 1");
      requirePositive("retries.maxTime", maxTime);
      requirePositive("retries.firstBackoff", firstBackoff);
      requirePositive("retries.maxBackoff", maxBackoff);
    }

    /** 8 attempts or 2 minutes, delays up to 200 ms at first and 10 s at last. */
    public static Retries defaults() {
      return new Retries(8, Duration.ofMinutes(2), Duration.ofMillis(200), Duration.ofSeconds(10));
    }
  }

  /**
   * How often one request goes out to see whether trouble is over.
   *
   * @param first interval; it doubles with each failed probe
   * @param longest interval
   * @param credentialsRecheck how often credential files are read again
   */
  public record Probes(Duration first, Duration longest, Duration credentialsRecheck) {
    /** Checks that all are positive. */
    public Probes {
      requirePositive("probes.first", first);
      requirePositive("probes.longest", longest);
      requirePositive("probes.credentialsRecheck", credentialsRecheck);
    }

    /** From 1 second, or the longest interval if that is less; files every 5 seconds. */
    public static Probes upTo(Duration longest) {
      Probes usual = defaults();
      Duration first = longest.compareTo(usual.first()) < 0 ? longest : usual.first();
      return new Probes(first, longest, usual.credentialsRecheck());
    }

    /** From 1 to 5 seconds; files every 5 seconds. */
    public static Probes defaults() {
      return new Probes(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(5));
    }
  }

  private static void requirePositive(String name, Duration value) {
    require(!value.isNegative() && !value.isZero(), name, value, "above zero");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + "; expected " + expected);
    }
  }
}
