package io.offboarder.webex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.webex.gate.QuotaRun.Setup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The learned pace, through the whole gate in virtual time")
class AdaptiveRateLimiterTest {

  private static final int SEEDS = Integer.getInteger("offboarder.seeds", 1);

  private static QuotaRun run(Setup setup, long seed) {
    QuotaRun run = QuotaRun.of(setup, seed);
    assertThat(run.early()).as("sent before the instant that Retry-After named").isZero();
    return run;
  }

  private static Setup setup(String model, int rate, int latencyMillis) {
    return new Setup(QuotaRun.model(model, rate), rate, Duration.ofMillis(latencyMillis));
  }

  /** At 500 and 50 ms a second's requests take nearly half of one, and so does every question. */
  static Stream<Arguments> models() {
    List<Arguments> all = new ArrayList<>();
    for (String name :
        List.of(
            "fixed window",
            "fixed window, late",
            "sliding window",
            "bucket of 1 s",
            "bucket of 2 s")) {
      for (int rate : new int[] {20, 100, 500}) {
        for (int latency : rate == 500 ? new int[] {0} : new int[] {0, 50}) {
          all.add(Arguments.of(name, rate, latency));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}, {1}/s, latency {2} ms")
  @MethodSource("models")
  @DisplayName("uses 95 % of the quota, is told 429 for 1 % at most, and never comes early")
  void usesTheQuota(String name, int rate, int latency) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      QuotaRun run = run(setup(name, rate, latency), seed);
      assertThat(run.used()).as("used, seed %d", seed).isGreaterThanOrEqualTo(0.95);
      assertThat(run.throttledLate()).as("429s, seed %d", seed).isLessThanOrEqualTo(0.01);
    }
  }

  @ParameterizedTest(name = "{0}, {1}/s, latency {2} ms")
  @MethodSource("models")
  @DisplayName("uses a doubled quota within 20 seconds")
  void noticesMore(String name, int rate, int latency) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      QuotaRun run = run(setup(name, rate, latency).doubling(), seed);
      assertThat(run.secondsUntil(QuotaRun.SECONDS / 2, 0.95 * 2 * rate))
          .as("seconds, seed %d: %s", seed, run.acceptedIn())
          .isLessThanOrEqualTo(20);
    }
  }

  @ParameterizedTest(name = "{0}, {1}/s, latency {2} ms")
  @CsvSource({
    "fixed window, 500, 50, 0.92",
    "sliding window, 500, 50, 0.93",
    "bucket of 0.3 s, 10, 20, 0.8",
    "leaky bucket, 10, 20, 0.75",
    "leaky bucket, 20, 20, 0.8",
    "bucket of 0.3 s, 20, 0, 0.88",
    "bucket of 0.3 s, 100, 50, 0.88",
    "leaky bucket, 100, 0, 0.88",
    "leaky bucket, 500, 50, 0.88"
  })
  @DisplayName("loses more where a question costs more: long bursts, and buckets that hold little")
  void dearQuestions(String name, int rate, int latency, double least) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      QuotaRun run = run(setup(name, rate, latency), seed);
      assertThat(run.used()).as("used, seed %d", seed).isGreaterThanOrEqualTo(least);
      assertThat(run.throttledLate()).as("429s, seed %d", seed).isLessThan(0.02);
    }
  }

  static Stream<Arguments> bouts() {
    List<Arguments> all = new ArrayList<>();
    for (String name : List.of("none", "bucket of 1 s", "fixed window", "sliding window")) {
      for (double from : new double[] {0, 1.5, 40}) {
        all.add(Arguments.of(name, from, 1, 1.0));
        all.add(Arguments.of(name, from, 3, 0.5));
        all.add(Arguments.of(name, from, 10, 0.02));
        all.add(Arguments.of(name, from, 20, 0.3));
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}, from {1} s for {2} s {3} of the requests")
  @MethodSource("bouts")
  @DisplayName(
      "is back at three quarters within 20 seconds after a bout of 429s that had nothing to do with a quota")
  void recovers(String name, double from, int seconds, double share) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      QuotaModel model =
          QuotaModel.disturbed(
              QuotaRun.model(name, 100), from, from + seconds, share, new Random(seed));
      int latency = name.equals("none") ? 150 : 6;
      QuotaRun run = run(new Setup(model, 100, Duration.ofMillis(latency)), seed);
      // Without a quota, what 64 requests in flight bring.
      double usual = name.equals("none") ? 64 / 0.15 : 100;
      assertThat(run.secondsUntil((int) Math.ceil(from) + seconds, 0.75 * usual))
          .as("seconds, seed %d: %s", seed, run.acceptedIn())
          .isLessThanOrEqualTo(20);
    }
  }
}
