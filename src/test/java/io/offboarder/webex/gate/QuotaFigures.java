package io.offboarder.webex.gate;

import java.time.Duration;
import java.util.Locale;

/**
 * Prints how much of a quota is used, how often 429 is the answer, and how soon a doubled quota is
 * in use, in virtual time against every usual way to limit. {@code mvn -Pquota verify}.
 */
public final class QuotaFigures {

  private static final int[] RATES = {20, 100, 500};
  private static final int[] LATENCIES = {0, 50, 200};

  private QuotaFigures() {}

  /** Takes the number of seeds; 3 without. */
  public static void main(String[] arguments) {
    int seeds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    heading("In virtual time, the worst of " + seeds + " seeds");
    for (String model : QuotaRun.MODELS) {
      for (int rate : RATES) {
        for (int latency : LATENCIES) {
          virtual(model, rate, latency, seeds);
        }
      }
    }
  }

  private static void heading(String what) {
    System.out.printf("%n%s%n", what);
    System.out.printf(
        "%-20s %5s %8s %10s %8s %8s %12s%n",
        "limiter", "quota", "latency", "in flight", "used", "429s", "doubled in");
  }

  private static void virtual(String name, int rate, int latencyMillis, int seeds) {
    // More than the default only where the default could not carry the quota.
    int concurrency = rate * latencyMillis / 1000 < 64 ? 64 : 256;
    double used = Double.POSITIVE_INFINITY;
    double throttled = 0;
    double doubled = 0;
    for (long seed = 1; seed <= seeds; seed++) {
      Duration latency = Duration.ofMillis(latencyMillis);
      QuotaRun same =
          QuotaRun.of(
              new QuotaRun.Setup(
                  QuotaRun.model(name, rate), rate, latency, concurrency, QuotaRun.SECONDS),
              seed);
      QuotaRun more =
          QuotaRun.of(
              new QuotaRun.Setup(
                  QuotaRun.model(name, rate), rate, latency, concurrency, QuotaRun.SECONDS / 2),
              seed);
      if (same.early() + more.early() > 0) {
        throw new AssertionError("a request was sent before the instant that Retry-After named");
      }
      used = Math.min(used, same.used());
      throttled = Math.max(throttled, same.throttledLate());
      doubled = Math.max(doubled, more.secondsUntil(QuotaRun.SECONDS / 2, 0.95 * 2 * rate));
    }
    line(name, rate, latencyMillis, concurrency, used, throttled, doubled);
  }

  private static void line(
      String name,
      int rate,
      int latencyMillis,
      int concurrency,
      double used,
      double throttled,
      double doubled) {
    System.out.printf(
        Locale.ROOT,
        "%-20s %3d/s %5d ms %10d %6.1f %% %6.2f %% %12s%n",
        name,
        rate,
        latencyMillis,
        concurrency,
        100 * used,
        100 * throttled,
        Double.isNaN(doubled)
            ? "-"
            : Double.isInfinite(doubled) ? "never" : String.format("%.0f s", doubled));
  }
}
