package io.offboarder.webex.gate;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.AuthorizationRequests;
import io.offboarder.webex.AuthorizationResponses;
import io.offboarder.webex.credentials.ResolvedCredentials;
import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.RequestContext.Priority;
import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Transport;
import io.offboarder.webex.limit.PauseSettings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Two minutes of the whole gate in virtual time, with more work than an API with a quota takes.
 *
 * @param used share of the quota, over all of it
 * @param throttledLate share of requests answered 429 after the first ten seconds
 * @param early requests sent before an instant that a Retry-After had named
 * @param acceptedIn requests accepted in each second
 */
record QuotaRun(double used, double throttledLate, int early, List<Integer> acceptedIn) {

  static final int SECONDS = 120;

  /**
   * What to run.
   *
   * @param latency of an answer, give or take a fifth
   * @param concurrency most requests in flight
   * @param doublesAt second at which the quota doubles; beyond the end if it does not
   */
  record Setup(QuotaModel model, double rate, Duration latency, int concurrency, int doublesAt) {
    Setup(QuotaModel model, double rate, Duration latency) {
      this(model, rate, latency, 64, SECONDS);
    }

    Setup doubling() {
      return new Setup(model, rate, latency, concurrency, SECONDS / 2);
    }
  }

  static QuotaRun of(Setup setup, long seed) {
    VirtualEventLoop loop = new VirtualEventLoop();
    Random random = new Random(seed);
    SimulatedApi api = new SimulatedApi(loop, random);
    api.least = setup.latency().multipliedBy(4).dividedBy(5);
    api.most = setup.latency().multipliedBy(6).dividedBy(5);
    int[] acceptedIn = new int[SECONDS + 10];
    int[] late = new int[2];
    api.behaviour =
        asked -> {
          boolean accepted = setup.model().accepts(asked.at());
          if (asked.at() >= 10) {
            late[0]++;
            late[1] += accepted ? 0 : 1;
          }
          if (accepted) {
            acceptedIn[(int) asked.at()]++;
            return SimulatedApi.answer(204, "");
          }
          return SimulatedApi.throttled("1");
        };
    Watch watch = new Watch(api, loop);
    GateSettings settings =
        new GateSettings(
            setup.concurrency(),
            OptionalDouble.empty(),
            GateSettings.Retries.defaults(),
            GateSettings.Probes.defaults(),
            PauseSettings.defaults(),
            Pseudonymizer.NONE);
    TokenSource tokens =
        new TokenSource(loop, () -> Future.succeededFuture(new ResolvedCredentials.Token("token")));
    RequestGate gate = new RequestGate(loop, random, settings, watch, tokens, GateListener.NONE);
    for (int i = 0; i < 4 * setup.concurrency(); i++) {
      keepAsking(gate, new RequestContext("caller-" + i, Priority.TERMINATION));
    }
    double quota = SECONDS * setup.rate();
    loop.run(Duration.ofSeconds(setup.doublesAt()));
    if (setup.doublesAt() < SECONDS) {
      setup.model().setRate(2 * setup.rate());
      quota += (SECONDS - setup.doublesAt()) * setup.rate();
      loop.run(Duration.ofSeconds(SECONDS - setup.doublesAt()));
    }
    int all = Arrays.stream(acceptedIn, 0, SECONDS).sum();
    return new QuotaRun(
        all / quota,
        (double) late[1] / late[0],
        watch.early,
        Arrays.stream(acceptedIn).limit(SECONDS).boxed().toList());
  }

  /** Seconds from an instant until three in a row brought so many each; none if never. */
  double secondsUntil(int from, double each) {
    for (int second = from; second + 3 <= acceptedIn.size(); second++) {
      if (acceptedIn.subList(second, second + 3).stream().mapToInt(a -> a).sum() >= 3 * each) {
        return second - from;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private static void keepAsking(RequestGate gate, RequestContext caller) {
    gate.submit(caller, AuthorizationRequests.delete("id"), AuthorizationResponses::deleted)
        .onSuccess(answer -> keepAsking(gate, caller));
  }

  /** The gate hears a 429 when its answer arrives; for a second from then nothing may be sent. */
  private static final class Watch implements Transport {
    private final Transport watched;
    private final VirtualEventLoop loop;
    private double notBefore;
    private int early;

    Watch(Transport watched, VirtualEventLoop loop) {
      this.watched = watched;
      this.loop = loop;
    }

    @Override
    public Future<ApiResponse> send(
        ApiRequest request, String trackingId, @Nullable String token, BooleanSupplier mayStillGo) {
      early += loop.seconds() < notBefore ? 1 : 0;
      return watched
          .send(request, trackingId, token, mayStillGo)
          .onSuccess(
              response -> {
                if (response.status() == 429) {
                  notBefore = Math.max(notBefore, loop.seconds() + 1);
                }
              });
    }

    @Override
    public Future<Void> close() {
      return watched.close();
    }
  }

  /** The named ways to limit. */
  static QuotaModel model(String name, double rate) {
    return switch (name) {
      case "fixed window" -> QuotaModel.fixedWindow(rate, 0.37);
      case "fixed window, late" -> QuotaModel.fixedWindow(rate, 0.9);
      case "sliding window" -> QuotaModel.slidingWindow(rate);
      case "bucket of 2 s" -> QuotaModel.tokenBucket(rate, 2);
      case "bucket of 1 s" -> QuotaModel.tokenBucket(rate, 1);
      case "bucket of 0.3 s" -> QuotaModel.tokenBucket(rate, 0.3);
      case "leaky bucket" -> QuotaModel.tokenBucket(rate, 0.1);
      case "none" -> QuotaModel.unlimited();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** All of them that limit. */
  static final List<String> MODELS =
      new ArrayList<>(
          List.of(
              "fixed window",
              "fixed window, late",
              "sliding window",
              "bucket of 2 s",
              "bucket of 1 s",
              "bucket of 0.3 s",
              "leaky bucket"));
}
