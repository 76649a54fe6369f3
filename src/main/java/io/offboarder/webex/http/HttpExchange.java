package io.offboarder.webex.http;

import io.offboarder.webex.WebexSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request on a connection and its answer, whose body has a bound. Confined to the loop. */
final class HttpExchange {
  private static final long HTTP2_CANCEL = 0x8;

  private final HttpClientRequest request;
  private final String trackingId;
  private final int maxBytes;
  private final long began = System.nanoTime();
  private final Promise<ApiResponse> answered = Promise.promise();
  private final Buffer body = Buffer.buffer();
  private boolean headReceived;

  HttpExchange(HttpClientRequest request, String trackingId, int maxBytes) {
    this.request = request;
    this.trackingId = trackingId;
    this.maxBytes = maxBytes;
    // Failures reach us through futures; without a handler they would be logged as well.
    request.exceptionHandler(failure -> {});
  }

  Future<ApiResponse> answer() {
    return answered.future();
  }

  /** Sends it, with a form if there is one. */
  Future<ApiResponse> send(@Nullable String form) {
    Future<HttpClientResponse> sent =
        form == null ? request.send() : request.send(Buffer.buffer(form));
    sent.onComplete(this::receive, answered::tryFail);
    return answered.future();
  }

  private void receive(HttpClientResponse response) {
    headReceived = true;
    response.exceptionHandler(answered::tryFail);
    response.handler(this::receive);
    response.endHandler(end -> answered.tryComplete(answer(response)));
  }

  private void receive(Buffer chunk) {
    if (body.length() + chunk.length() <= maxBytes) {
      body.appendBuffer(chunk);
    } else {
      fail(new IOException("body longer than " + maxBytes + " bytes"));
    }
  }

  private ApiResponse answer(HttpClientResponse response) {
    return new ApiResponse(
        response.statusCode(),
        TrackingIds.received(response.getHeader("TrackingID"), trackingId),
        response.getHeader("Retry-After"),
        response.getHeader("Content-Type"),
        response.getHeader("Location"),
        body);
  }

  /** Fails if it takes longer than it may. */
  void expire(long now, WebexSettings.Timeouts timeouts) {
    if (!headReceived && now - began >= timeouts.response().toNanos()) {
      expired("no answer", timeouts.response());
    } else if (now - began >= timeouts.exchange().toNanos()) {
      expired("no whole answer", timeouts.exchange());
    }
  }

  private void expired(String what, Duration within) {
    fail(new TimeoutException(what + " within " + within.toMillis() + " ms"));
  }

  private void fail(Exception why) {
    if (answered.tryFail(why)) {
      abandon();
    }
  }

  /** Ends the stream; on HTTP/1 that closes the connection once a byte was sent on it. */
  void abandon() {
    request.reset(HTTP2_CANCEL);
  }
}
