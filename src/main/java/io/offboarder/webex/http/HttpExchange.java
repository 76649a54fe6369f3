package io.offboarder.webex.http;

import io.offboarder.webex.http.Transport.HeldBackException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientForm;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, whose body has a bound. It counts as begun when its connection is
 * there. Confined to the loop.
 */
final class HttpExchange {
  private static final long HTTP2_CANCEL = 0x8;

  private final ApiRequest asked;
  private final String trackingId;
  private final int maxBytes;
  private final BooleanSupplier mayStillGo;
  private final ExchangeTimeouts timeouts;
  private final Promise<ApiResponse> answered = Promise.promise();
  private @Nullable HttpClientRequest request;
  private @Nullable BodyReader reader;
  private long began;
  private boolean headReceived;

  HttpExchange(
      ApiRequest asked,
      String trackingId,
      int maxBytes,
      BooleanSupplier mayStillGo,
      ExchangeTimeouts timeouts) {
    this.asked = asked;
    this.trackingId = trackingId;
    this.maxBytes = maxBytes;
    this.mayStillGo = mayStillGo;
    this.timeouts = timeouts;
  }

  /** Whether it ever had a connection. */
  boolean wasConnected() {
    return request != null;
  }

  /**
   * Completes with the answer, whose body is cut at the bound; {@link HeldBackException} where the
   * request was not let go.
   */
  Future<ApiResponse> answer() {
    return answered.future();
  }

  Future<ApiResponse> send(HttpRequest<Buffer> prepared) {
    prepared
        .as(this::body)
        .sendStream(new RequestBody(this::connected))
        .onComplete(this::answered, answered::tryFail);
    return answered.future();
  }

  private Future<Void> connected(HttpClientRequest ready) {
    request = ready;
    // Failures reach us through futures; without a handler they would be logged as well.
    ready.exceptionHandler(failure -> {});
    if (!mayStillGo.getAsBoolean()) {
      HeldBackException heldBack = new HeldBackException();
      answered.fail(heldBack);
      return Future.failedFuture(heldBack);
    }
    began = System.nanoTime();
    timeouts.watch(this);
    // The Web Client takes a streamed body for one of unknown length.
    ready.setChunked(false);
    if (asked.form().isEmpty()) {
      ready.send();
    } else {
      ClientForm fields = ClientForm.form();
      asked.form().forEach(fields::attribute);
      ready.send(fields);
    }
    return Future.succeededFuture();
  }

  private void answered(HttpResponse<Buffer> response) {
    answered.tryComplete(answer(response.statusCode(), response.headers(), response.body(), false));
  }

  private ApiResponse answer(int status, MultiMap headers, Buffer body, boolean truncated) {
    String id = TrackingIds.received(headers.get("TrackingID"), trackingId);
    return new ApiResponse(status, id, headers, body, reader, truncated);
  }

  /** The head of the answer is there. */
  private BoundedBody body() {
    headReceived = true;
    HttpClientResponse head = Objects.requireNonNull(request).response().result();
    boolean success = StatusClass.of(head.statusCode()) == StatusClass.SUCCESS;
    reader = success && asked.reader() != null ? asked.reader().get() : null;
    return new BoundedBody(maxBytes, reader, this::truncated);
  }

  private void truncated(Buffer body) {
    HttpClientRequest sent = Objects.requireNonNull(request);
    HttpClientResponse head = sent.response().result();
    if (answered.tryComplete(answer(head.statusCode(), head.headers(), body, true))) {
      sent.reset(HTTP2_CANCEL);
    }
  }

  /** Fails if it takes longer than it may. */
  void expire(long now, HttpSettings.Timeouts limits) {
    if (!headReceived && now - began >= limits.response().toNanos()) {
      expired("no answer", limits.response());
    } else if (now - began >= limits.exchange().toNanos()) {
      expired("no whole answer", limits.exchange());
    }
  }

  private void expired(String what, Duration within) {
    fail(new TimeoutException(what + " within " + within.toMillis() + " ms"));
  }

  /** Ends the stream; on HTTP/1 that closes the connection once a byte was sent on it. */
  private void fail(Exception why) {
    if (answered.tryFail(why) && request != null) {
      request.reset(HTTP2_CANCEL);
    }
  }
}
