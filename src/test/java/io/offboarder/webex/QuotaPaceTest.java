package io.offboarder.webex;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.webex.Caller.Urgency;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The learned pace, through the whole gate in virtual time")
class QuotaPaceTest {

  private static final int CLIENTS = 200;
  private static final int SEEDS = Integer.getInteger("offboarder.seeds", 2);

  /** What a run came to. */
  private record Run(
      double used,
      double throttledAfterTenSeconds,
      double doubledAfter,
      boolean early,
      List<Integer> acceptedIn) {

    /** Seconds until three in a row brought three quarters of what is usual. */
    int recoveredAfter(int bout, double usual) {
      for (int second = bout; second < 117; second++) {
        int three =
            acceptedIn.get(second) + acceptedIn.get(second + 1) + acceptedIn.get(second + 2);
        if (three >= 0.75 * 3 * usual) {
          return second - bout;
        }
      }
      return Integer.MAX_VALUE;
    }
  }

  private static Run run(
      QuotaModel model, double rate, int latencyMillis, long seed, boolean doubles) {
    VirtualLoop loop = new VirtualLoop();
    Random random = new Random(seed);
    SimulatedApi api = new SimulatedApi(loop, random);
    api.least = Duration.ofMillis(latencyMillis);
    api.most = Duration.ofMillis(latencyMillis * 2L);
    int[] acceptedIn = new int[130];
    int[] late = new int[2];
    boolean[] early = new boolean[1];
    double[] notBefore = new double[1];
    api.behaviour =
        asked -> {
          boolean accepted = model.accepts(asked.at());
          if (asked.at() > 10) {
            late[0]++;
            late[1] += accepted ? 0 : 1;
          }
          if (accepted) {
            acceptedIn[(int) asked.at()]++;
            return SimulatedApi.answer(204, "");
          }
          return SimulatedApi.throttled("1");
        };
    WebexSettings settings =
        WebexSettings.defaults(new Credentials.StaticToken(Secret.of("token")));
    TokenSource tokens =
        new TokenSource(loop, () -> Future.succeededFuture(new CredentialValues.Token("token")));
    // The gate hears a 429 when its answer arrives; from then on nothing may be sent.
    Transport watched =
        new Transport() {
          @Override
          public Future<ApiResponse> send(
              ApiRequest request,
              String trackingId,
              String token,
              java.util.function.BooleanSupplier mayStillGo) {
            if (loop.seconds() < notBefore[0]) {
              early[0] = true;
            }
            return api.send(request, trackingId, token, mayStillGo)
                .onSuccess(
                    response -> {
                      if (response.status() == 429) {
                        notBefore[0] = Math.max(notBefore[0], loop.seconds() + 1);
                      }
                    });
          }

          @Override
          public Future<Void> close() {
            return api.close();
          }
        };
    RequestGate gate = new RequestGate(loop, random, settings, watched, tokens, GateListener.NONE);
    for (int i = 0; i < CLIENTS; i++) {
      keepAsking(gate, new Caller("caller-" + i, Urgency.TERMINATION));
    }
    double quota;
    if (doubles) {
      loop.run(Duration.ofMinutes(1));
      model.setRate(2 * rate);
      loop.run(Duration.ofMinutes(1));
      quota = 60 * rate + 60 * 2 * rate;
    } else {
      loop.run(Duration.ofMinutes(2));
      quota = 120 * rate;
    }
    int all = 0;
    for (int accepted : acceptedIn) {
      all += accepted;
    }
    double doubledAfter = Double.NaN;
    for (int second = 60; second < 117 && doubles; second++) {
      int three = acceptedIn[second] + acceptedIn[second + 1] + acceptedIn[second + 2];
      if (three >= 0.95 * 3 * 2 * rate) {
        doubledAfter = second - 60;
        break;
      }
    }
    return new Run(
        all / quota,
        (double) late[1] / late[0],
        doubledAfter,
        early[0],
        Arrays.stream(acceptedIn).boxed().toList());
  }

  private static void keepAsking(RequestGate gate, Caller caller) {
    gate.submit(caller, ApiRequest.delete("id"), Reading::deleted)
        .onSuccess(answer -> keepAsking(gate, caller));
  }

  private static QuotaModel model(String name, double rate) {
    return switch (name) {
      case "bucket of one second" -> QuotaModel.tokenBucket(rate, 1);
      case "bucket of two seconds" -> QuotaModel.tokenBucket(rate, 2);
      case "window" -> QuotaModel.fixedWindow(rate, 0.37);
      case "late window" -> QuotaModel.fixedWindow(rate, 0.9);
      case "small bucket" -> QuotaModel.tokenBucket(rate, 0.3);
      case "none" -> QuotaModel.unlimited();
      default -> QuotaModel.slidingWindow(rate);
    };
  }

  /**
   * Rates of 500 need 64 requests in flight at 30 to 60 ms; there the bound itself is the limit.
   */
  static Stream<Arguments> models() {
    List<Arguments> all = new ArrayList<>();
    for (String name :
        List.of("bucket of one second", "bucket of two seconds", "window", "late window")) {
      for (int rate : new int[] {20, 100, 500}) {
        for (int latency : rate == 500 ? new int[] {5, 15} : new int[] {5, 30}) {
          all.add(Arguments.of(name, rate, latency));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}, {1}/s, latency from {2} ms")
  @MethodSource("models")
  @DisplayName("uses 95 % of the quota, is told 429 for 1 % at most, and never comes early")
  void usesTheQuota(String name, int rate, int latency) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Run run = run(model(name, rate), rate, latency, seed, false);
      assertThat(run.early()).isFalse();
      assertThat(run.used()).as("used, seed %d", seed).isGreaterThanOrEqualTo(0.95);
      assertThat(run.throttledAfterTenSeconds()).as("429s, seed %d", seed).isLessThan(0.01);
    }
  }

  @ParameterizedTest(name = "{0}, {1}/s, latency from {2} ms")
  @MethodSource("models")
  @DisplayName("uses a doubled quota within 20 seconds")
  void noticesMore(String name, int rate, int latency) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Run run = run(model(name, rate), rate, latency, seed, true);
      assertThat(run.doubledAfter()).as("seconds, seed %d", seed).isLessThanOrEqualTo(20);
      assertThat(run.early()).isFalse();
    }
  }

  @ParameterizedTest(name = "{0}, {1}/s")
  @CsvSource({
    "sliding window, 20", "sliding window, 100", "sliding window, 500",
    "small bucket, 20", "small bucket, 100", "small bucket, 500"
  })
  @DisplayName("pays a whole second for every question where nothing gathers, so asks rarely")
  void strictLimiters(String name, int rate) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Run run = run(model(name, rate), rate, 5, seed, false);
      assertThat(run.early()).isFalse();
      assertThat(run.used()).as("used, seed %d", seed).isGreaterThanOrEqualTo(0.8);
      assertThat(run.throttledAfterTenSeconds()).as("429s, seed %d", seed).isLessThan(0.01);
    }
  }

  static Stream<Arguments> bouts() {
    List<Arguments> all = new ArrayList<>();
    for (String name : List.of("none", "bucket of one second", "window", "sliding window")) {
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
          QuotaModel.disturbed(model(name, 100), from, from + seconds, share, new Random(seed));
      Run run = run(model, 100, name.equals("none") ? 100 : 5, seed, false);
      // Without a quota, what 64 requests in flight bring at 100 to 200 ms.
      double usual = name.equals("none") ? 64 / 0.15 : 100;
      assertThat(run.recoveredAfter((int) Math.ceil(from) + seconds, usual))
          .as("seconds, seed %d: %s", seed, run.acceptedIn())
          .isLessThanOrEqualTo(20);
      assertThat(run.early()).isFalse();
    }
  }
}
