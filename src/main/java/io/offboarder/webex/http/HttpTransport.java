package io.offboarder.webex.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.net.URI;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place that touches HTTP: Vert.x's Web Client with a bounded pool, a timeout on every
 * phase, a bound on every body, no redirects, no logging of what goes over the wire.
 *
 * <p>A request that got its connection after a long handshake asks the gate again before it is
 * sent, because a 429 may have closed the gate meanwhile.
 *
 * <p>The pool holds one HTTP/1 connection per request in flight, so nothing ever queues in it
 * behind the gate's back; over TLS HTTP/2 is preferred, where a few connections carry them all.
 */
public final class HttpTransport implements Transport {

  private static final int REQUESTS_PER_HTTP2_CONNECTION = 50;

  private final HttpSettings settings;
  private final ExchangeTimeouts timeouts;
  private final HttpClientAgent http;
  private final WebClient client;
  private final String basePath;

  /**
   * A transport to the API that the settings name; no connection is made before it is needed.
   *
   * @param maxConcurrency requests that are sent at a time; the caller keeps to it
   */
  public HttpTransport(Vertx vertx, HttpSettings settings, int maxConcurrency) {
    this.settings = settings;
    this.timeouts = new ExchangeTimeouts(vertx, settings.timeouts());
    WebClientOptions options = ClientOptions.of(settings);
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(maxConcurrency)
            .setHttp2MaxSize(1 + maxConcurrency / REQUESTS_PER_HTTP2_CONNECTION)
            .setMaxWaitQueueSize(maxConcurrency);
    this.http = vertx.httpClientBuilder().with(options).with(pool).build();
    this.client = WebClient.wrap(http, options);
    String path = settings.baseUrl().getRawPath();
    this.basePath = path == null ? "" : path.replaceAll("/+$", "");
  }

  @Override
  public Future<ApiResponse> send(
      ApiRequest request,
      String trackingId,
      @Nullable String accessToken,
      BooleanSupplier mayStillGo) {
    HttpRequest<Buffer> prepared =
        client
            .request(request.method(), basePath + request.path())
            .connectTimeout(settings.timeouts().connect().toMillis())
            .putHeader("Accept", "application/json")
            .putHeader("TrackingID", trackingId);
    if (accessToken != null) {
      prepared.bearerTokenAuthentication(accessToken);
    }
    HttpExchange exchange =
        new HttpExchange(request, trackingId, settings.maxResponseBytes(), mayStillGo, timeouts);
    return exchange
        .send(prepared)
        .recover(
            failure -> Future.failedFuture(exchange.wasConnected() ? failure : unreached(failure)));
  }

  /** There was no connection; the failure names the proxy, if any. */
  private Throwable unreached(Throwable failure) {
    URI proxy = settings.network().proxy();
    return proxy == null
        ? failure
        : new IOException("by the proxy " + proxy + ": " + ErrorMessage.reason(failure), failure);
  }

  @Override
  public Future<Void> close() {
    return http.close();
  }
}
