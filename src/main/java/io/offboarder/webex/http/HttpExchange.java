package io.offboarder.webex.http;

import io.offboarder.webex.http.Transport.HeldBackException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientForm;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, whose body has a bound. It counts as begun when its connection is
 * there. Confined to the loop.
 */
final class HttpExchange {
  private static final long HTTP2_CANCEL = 0x8;

  private final Map<String, String> form;
  private final int maxBytes;
  private final BooleanSupplier mayStillGo;
  private final ExchangeTimeouts timeouts;
  private final Promise<HttpResponse<Buffer>> answered = Promise.promise();
  private @Nullable HttpClientRequest request;
  private long began;
  private boolean headReceived;

  HttpExchange(
      Map<String, String> form,
      int maxBytes,
      BooleanSupplier mayStillGo,
      ExchangeTimeouts timeouts) {
    this.form = form;
    this.maxBytes = maxBytes;
    this.mayStillGo = mayStillGo;
    this.timeouts = timeouts;
  }

  /** Whether it ever had a connection. */
  boolean wasConnected() {
    return request != null;
  }

  /** Completes with the whole answer; {@link HeldBackException} where it was not let go. */
  Future<HttpResponse<Buffer>> answer() {
    return answered.future();
  }

  Future<HttpResponse<Buffer>> send(HttpRequest<Buffer> prepared) {
    prepared
        .as(this::body)
        .sendStream(new RequestBody(this::connected))
        .onComplete(answered::tryComplete, answered::tryFail);
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
    if (form.isEmpty()) {
      ready.send();
    } else {
      ClientForm fields = ClientForm.form();
      form.forEach(fields::attribute);
      ready.send(fields);
    }
    return Future.succeededFuture();
  }

  /** The head of the answer is there. */
  private BoundedBody body() {
    headReceived = true;
    return new BoundedBody(
        maxBytes, () -> fail(new IOException("body longer than " + maxBytes + " bytes")));
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
