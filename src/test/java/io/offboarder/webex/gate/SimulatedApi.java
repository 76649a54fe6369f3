package io.offboarder.webex.gate;

import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Transport;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** An API in virtual time: a request arrives after a moment, its answer after a latency. */
public final class SimulatedApi implements Transport {

  /** A request as it arrived. */
  public record Asked(ApiRequest request, @Nullable String token, double at) {
    boolean isAbout(String part) {
      return request.path().contains(part);
    }
  }

  private final VirtualEventLoop loop;
  private final RandomGenerator random;
  public final List<Asked> asked = new ArrayList<>();
  public Function<Asked, ApiResponse> behaviour = any -> answer(200, "{\"items\":[]}");
  Duration least = Duration.ofMillis(5);
  Duration most = Duration.ofMillis(20);
  int inFlight;
  int mostInFlight;

  public SimulatedApi(VirtualEventLoop loop, RandomGenerator random) {
    this.loop = loop;
    this.random = random;
  }

  public static ApiResponse answer(int status, String body) {
    return answer(status, null, body);
  }

  static ApiResponse throttled(@Nullable String retryAfter) {
    return answer(429, retryAfter, "");
  }

  static ApiResponse answer(int status, @Nullable String retryAfter, String body) {
    MultiMap headers = HttpHeaders.headers();
    headers.set("TrackingID", "T").set("Content-Type", "application/json");
    if (retryAfter != null) {
      headers.set("Retry-After", retryAfter);
    }
    return new ApiResponse(status, "T", headers, Buffer.buffer(body), null, false);
  }

  /** No answer: the connection is refused. */
  static ApiResponse refusedConnection() {
    return answer(-1, "");
  }

  @Override
  public Future<ApiResponse> send(
      ApiRequest request,
      String trackingId,
      @Nullable String accessToken,
      BooleanSupplier mayStillGo) {
    Promise<ApiResponse> promise = Promise.promise();
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    Duration up = Duration.ofNanos(500_000 + random.nextLong(1_500_000));
    loop.after(
        up,
        () -> {
          Asked one = new Asked(request, accessToken, loop.seconds());
          asked.add(one);
          ApiResponse response = behaviour.apply(one);
          Duration latency =
              least.plusNanos((long) ((most.toNanos() - least.toNanos()) * random.nextDouble()));
          loop.after(
              latency,
              () -> {
                inFlight--;
                if (response.status() == -1) {
                  promise.fail(new IOException("Connection refused"));
                } else {
                  promise.complete(response);
                }
              });
        });
    return promise.future();
  }

  List<Asked> asked(String part) {
    return asked.stream().filter(one -> one.isAbout(part)).toList();
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
