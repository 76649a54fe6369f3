package io.offboarder.webex;

import io.offboarder.testing.JarProcess;
import io.offboarder.webex.Caller.Urgency;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints how much of a quota is used, how often 429 is the answer, and how soon a doubled quota is
 * in use: in virtual time against every usual way to limit, and over real HTTP against the built
 * jar's sandbox. {@code mvn -Pquota verify}.
 */
public final class QuotaFigures {

  private static final int[] RATES = {20, 100, 500};
  private static final int[] LATENCIES = {0, 50, 200};
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/v1");

  private QuotaFigures() {}

  /** Takes the number of seeds for the runs in virtual time; 3 without, none of them with 0. */
  public static void main(String[] arguments) throws Exception {
    int seeds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    if (seeds > 0) {
      heading("In virtual time, the worst of " + seeds + " seeds");
      for (String model : QuotaRun.MODELS) {
        for (int rate : RATES) {
          for (int latency : LATENCIES) {
            virtual(model, rate, latency, seeds);
          }
        }
      }
    }
    heading("Over HTTP, the built jar's sandbox");
    real();
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

  /** All at the same time: each waits nearly all of it. */
  private static void real() throws Exception {
    Vertx vertx = Vertx.vertx();
    List<RealRun> runs = new ArrayList<>();
    try {
      for (int rate : RATES) {
        for (boolean doubles : new boolean[] {false, true}) {
          runs.add(new RealRun(vertx, rate, doubles));
        }
      }
      for (RealRun run : runs) {
        run.start();
      }
      long began = System.nanoTime();
      Thread.sleep(QuotaRun.SECONDS * 500L);
      for (RealRun run : runs) {
        run.half();
      }
      Thread.sleep(Math.max(0, QuotaRun.SECONDS * 1000L - (System.nanoTime() - began) / 1_000_000));
      for (RealRun run : runs) {
        run.print();
      }
    } finally {
      runs.forEach(RealRun::close);
      vertx.close().toCompletionStage().toCompletableFuture().get();
    }
  }

  /** A client that asks as much as it may, of a sandbox in a process of its own. */
  private static final class RealRun implements AutoCloseable {
    private static final int LATENCY_MILLIS = 20;
    private static final int CONCURRENCY = 64;

    private final int rate;
    private final boolean doubles;
    private final JarProcess sandbox;
    private final URI url;
    private final AtomicIntegerArray accepted = new AtomicIntegerArray(QuotaRun.SECONDS + 60);
    private final AtomicIntegerArray throttled = new AtomicIntegerArray(QuotaRun.SECONDS + 60);
    private final Vertx vertx;
    private AuthorizationsClient client;
    private long began;

    RealRun(Vertx vertx, int rate, boolean doubles) throws Exception {
      this.vertx = vertx;
      this.rate = rate;
      this.doubles = doubles;
      sandbox =
          JarProcess.start(
              Map.of(),
              "sandbox",
              "--port=0",
              "--latency=" + LATENCY_MILLIS + "ms",
              "--requests-per-second=" + rate);
      long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      Matcher address = ADDRESS.matcher(sandbox.output());
      while (!address.find()) {
        if (System.nanoTime() > until || !sandbox.isAlive()) {
          throw new IOException("the sandbox does not start: " + sandbox.errors());
        }
        Thread.sleep(50);
        address = ADDRESS.matcher(sandbox.output());
      }
      url = URI.create(address.group());
    }

    void start() {
      began = System.nanoTime();
      WebexSettings settings =
          WebexSettings.defaults(new Credentials.StaticToken(Secret.of("sandbox-access-token")))
              .withBaseUrl(url)
              .withMaxConcurrency(CONCURRENCY);
      client =
          AuthorizationsClient.create(
              vertx,
              settings,
              java.time.Clock.systemUTC(),
              RandomGenerator.getDefault(),
              (operation, status, attempt, took) -> {
                int second = (int) ((System.nanoTime() - took.toNanos() - began) / 1_000_000_000L);
                (status == 429 ? throttled : accepted).incrementAndGet(second);
              });
      for (int i = 0; i < 4 * CONCURRENCY; i++) {
        keepAsking(new Caller("caller-" + i, Urgency.TERMINATION));
      }
    }

    private void keepAsking(Caller caller) {
      client.delete(caller, "nobody's").onSuccess(answer -> keepAsking(caller));
    }

    void half() throws Exception {
      if (doubles) {
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(url.resolve("/sandbox/quota"))
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"requestsPerSecond\":" + 2 * rate + "}"))
                    .build(),
                HttpResponse.BodyHandlers.discarding());
      }
    }

    void print() {
      List<Integer> taken = new ArrayList<>();
      int all = 0;
      int late = 0;
      int lateThrottled = 0;
      for (int second = 0; second < QuotaRun.SECONDS; second++) {
        taken.add(accepted.get(second));
        all += accepted.get(second);
        if (second >= 10) {
          late += accepted.get(second);
          lateThrottled += throttled.get(second);
        }
      }
      double share = (double) lateThrottled / (late + lateThrottled);
      double quota = QuotaRun.SECONDS * rate * (doubles ? 1.5 : 1);
      QuotaRun run = new QuotaRun(all / quota, share, 0, taken);
      double doubled =
          doubles ? run.secondsUntil(QuotaRun.SECONDS / 2, 0.95 * 2 * rate) : Double.NaN;
      line("fixed window, real", rate, LATENCY_MILLIS, CONCURRENCY, run.used(), share, doubled);
    }

    @Override
    public void close() {
      sandbox.close();
    }
  }
}
