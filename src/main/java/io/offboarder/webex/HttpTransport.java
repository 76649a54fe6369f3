package io.offboarder.webex;

import io.offboarder.webex.WebexSettings.Network;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place that touches HTTP: a bounded pool, a timeout on every phase, a bound on every body,
 * no redirects, no logging of what goes over the wire.
 *
 * <p>It stands on Vert.x's core client, not on its Web Client: the Web Client sends as soon as the
 * pool hands out a connection and reads bodies without a bound. Here a request that got its
 * connection after a long handshake asks the gate again before it is sent, because a 429 may have
 * closed the gate meanwhile, and a body that grows too long ends with its connection.
 *
 * <p>The pool holds one HTTP/1 connection per request in flight, so nothing ever queues in it
 * behind the gate's back; over TLS HTTP/2 is preferred, where a few connections carry them all.
 */
final class HttpTransport implements Transport {

  private static final int REQUESTS_PER_HTTP2_CONNECTION = 50;
  private static final Duration IDLE_CONNECTION = Duration.ofSeconds(30);
  private static final long HTTP2_CANCEL = 0x8;

  private final Vertx vertx;
  private final WebexSettings settings;
  private final HttpClientAgent http;
  private final RequestOptions target;
  private final String basePath;

  HttpTransport(Vertx vertx, WebexSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    boolean tls = "https".equalsIgnoreCase(settings.baseUrl().getScheme());
    int connectMillis = Math.toIntExact(settings.timeouts().connect().toMillis());
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(tls)
            .setVerifyHost(true)
            .setConnectTimeout(connectMillis)
            .setKeepAliveTimeout((int) IDLE_CONNECTION.toSeconds())
            .setDecompressionSupported(true)
            .setPipelining(false)
            .setLogActivity(false)
            .setHttp2ClearTextUpgrade(false);
    if (tls) {
      options
          .setProtocolVersion(HttpVersion.HTTP_2)
          .setUseAlpn(true)
          .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
    }
    Network network = settings.network();
    if (network.caFile() != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(network.caFile().toString()));
    }
    if (network.proxy() != null) {
      options.setProxyOptions(
          new ProxyOptions()
              .setType(ProxyType.HTTP)
              .setHost(network.proxy().getHost())
              .setPort(network.proxy().getPort())
              .setConnectTimeout(settings.timeouts().connect()));
    }
    this.http =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(settings.maxConcurrency())
                    .setHttp2MaxSize(1 + settings.maxConcurrency() / REQUESTS_PER_HTTP2_CONNECTION)
                    .setMaxWaitQueueSize(settings.maxConcurrency()))
            .build();
    int port = settings.baseUrl().getPort();
    this.target =
        new RequestOptions()
            .setHost(settings.baseUrl().getHost())
            .setPort(port > 0 ? port : tls ? 443 : 80)
            .setSsl(tls)
            .setFollowRedirects(false)
            .setConnectTimeout(connectMillis);
    String path = settings.baseUrl().getRawPath();
    this.basePath = path == null ? "" : path.replaceAll("/+$", "");
  }

  @Override
  public Future<ApiResponse> send(
      ApiRequest request,
      String trackingId,
      @Nullable String accessToken,
      BooleanSupplier mayStillGo) {
    RequestOptions options =
        new RequestOptions(target)
            .setMethod(request.method())
            .setURI(basePath + request.path())
            .putHeader("Accept", "application/json")
            .putHeader("User-Agent", "offboarder")
            .putHeader("TrackingID", trackingId);
    if (accessToken != null) {
      options.putHeader("Authorization", "Bearer " + accessToken);
    }
    if (request.form() != null) {
      options.putHeader("Content-Type", "application/x-www-form-urlencoded");
    }
    return connected(options)
        .compose(
            ready -> {
              // Failures reach us through futures; without a handler they would be logged as well.
              ready.exceptionHandler(failure -> {});
              if (!mayStillGo.getAsBoolean()) {
                abandon(ready);
                return Future.failedFuture(new HeldBackException());
              }
              return exchange(ready, request, trackingId);
            });
  }

  /** A request on a connection of its own or of the pool; a failure names the proxy, if any. */
  private Future<HttpClientRequest> connected(RequestOptions options) {
    URI proxy = settings.network().proxy();
    Future<HttpClientRequest> ready = http.request(options);
    return proxy == null
        ? ready
        : ready.recover(
            e ->
                Future.failedFuture(
                    new IOException("by the proxy " + proxy + ": " + Words.reason(e), e)));
  }

  private Future<ApiResponse> exchange(
      HttpClientRequest ready, ApiRequest request, String trackingId) {
    Promise<ApiResponse> answered = Promise.promise();
    long head = deadline(ready, answered, settings.timeouts().response(), "no answer");
    long whole = deadline(ready, answered, settings.timeouts().exchange(), "no whole answer");
    Future<HttpClientResponse> sent =
        request.form() == null ? ready.send() : ready.send(Buffer.buffer(request.form()));
    sent.compose(
            response -> {
              vertx.cancelTimer(head);
              return body(ready, response).map(body -> response(response, trackingId, body));
            })
        .onComplete(
            result -> {
              vertx.cancelTimer(head);
              vertx.cancelTimer(whole);
              if (result.succeeded()) {
                answered.tryComplete(result.result());
              } else {
                answered.tryFail(result.cause());
              }
            });
    return answered.future();
  }

  private long deadline(
      HttpClientRequest ready, Promise<ApiResponse> answered, Duration within, String what) {
    return vertx.setTimer(
        Math.max(1, within.toMillis()),
        timer -> {
          if (answered.tryFail(
              new TimeoutException(what + " within " + within.toMillis() + " ms"))) {
            abandon(ready);
          }
        });
  }

  private Future<Buffer> body(HttpClientRequest ready, HttpClientResponse response) {
    Promise<Buffer> collected = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(collected::tryFail);
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() <= settings.maxResponseBytes()) {
            body.appendBuffer(chunk);
          } else if (collected.tryFail(
              new IOException("body longer than " + settings.maxResponseBytes() + " bytes"))) {
            abandon(ready);
          }
        });
    response.endHandler(end -> collected.tryComplete(body));
    return collected.future();
  }

  /** Ends the stream; on HTTP/1 that closes the connection once a byte was sent on it. */
  private static void abandon(HttpClientRequest request) {
    request.reset(HTTP2_CANCEL);
  }

  private static ApiResponse response(HttpClientResponse response, String sent, Buffer body) {
    return new ApiResponse(
        response.statusCode(),
        TrackingIds.received(response.getHeader("TrackingID"), sent),
        response.getHeader("Retry-After"),
        response.getHeader("Content-Type"),
        response.getHeader("Location"),
        body);
  }

  @Override
  public Future<Void> close() {
    return http.close();
  }
}
