package io.offboarder.webex.http;

import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.WebexSettings.Network;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
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
public final class HttpTransport implements Transport {

  private static final int REQUESTS_PER_HTTP2_CONNECTION = 50;
  private static final Duration IDLE_CONNECTION = Duration.ofSeconds(30);

  private final WebexSettings settings;
  private final ExchangeTimeouts timeouts;
  private final HttpClientAgent http;
  private final RequestOptions target;
  private final String basePath;

  public HttpTransport(Vertx vertx, WebexSettings settings) {
    this.settings = settings;
    this.timeouts = new ExchangeTimeouts(vertx, settings.timeouts());
    boolean tls = "https".equalsIgnoreCase(settings.baseUrl().getScheme());
    int connectMillis = Math.toIntExact(settings.timeouts().connect().toMillis());
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(tls)
            .setVerifyHost(true)
            .setConnectTimeout(connectMillis)
            .setKeepAliveTimeout((int) IDLE_CONNECTION.toSeconds())
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
              HttpExchange exchange =
                  new HttpExchange(ready, trackingId, settings.maxResponseBytes());
              if (!mayStillGo.getAsBoolean()) {
                exchange.abandon();
                return Future.failedFuture(new HeldBackException());
              }
              return timeouts.watch(exchange).send(request.form());
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
                    new IOException("by the proxy " + proxy + ": " + ErrorMessage.reason(e), e)));
  }

  @Override
  public Future<Void> close() {
    return http.close();
  }
}
