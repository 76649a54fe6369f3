package io.offboarder.webex.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.streams.Pipe;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A body that gets hold of its request. The Web Client pipes a streamed body into the request as
 * soon as that has a connection, and before the first byte is written. So a stream whose pipe is
 * its own is where a request can be looked at once more, and where it can be kept, to end it later.
 */
final class RequestBody implements ReadStream<Buffer>, Pipe<Buffer> {

  private final Function<HttpClientRequest, Future<Void>> onConnected;

  /**
   * A body.
   *
   * @param onConnected sends the request; a failure ends it
   */
  RequestBody(Function<HttpClientRequest, Future<Void>> onConnected) {
    this.onConnected = onConnected;
  }

  @Override
  public Pipe<Buffer> pipe() {
    return this;
  }

  @Override
  public Future<Void> to(WriteStream<Buffer> request) {
    return onConnected.apply((HttpClientRequest) request);
  }

  @Override
  public Pipe<Buffer> endOnFailure(boolean end) {
    return this;
  }

  @Override
  public Pipe<Buffer> endOnSuccess(boolean end) {
    return this;
  }

  @Override
  public Pipe<Buffer> endOnComplete(boolean end) {
    return this;
  }

  /** There is no connection; the request's future says why. */
  @Override
  public void close() {}

  @Override
  public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    return this;
  }

  @Override
  public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
    return this;
  }

  @Override
  public ReadStream<Buffer> pause() {
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    return this;
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
    return this;
  }
}
