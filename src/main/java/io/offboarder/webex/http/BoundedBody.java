package io.offboarder.webex.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects a response's body, up to a bound. Confined to the loop. */
final class BoundedBody implements BodyStream<Buffer> {

  private final int maxBytes;
  private final Consumer<Buffer> onTooLong;
  private final Buffer body = Buffer.buffer();
  private final Promise<Buffer> whole = Promise.promise();

  /**
   * An empty body.
   *
   * @param onTooLong is given what fits when the bound is passed; what comes after that is dropped
   */
  BoundedBody(int maxBytes, Consumer<Buffer> onTooLong) {
    this.maxBytes = maxBytes;
    this.onTooLong = onTooLong;
  }

  @Override
  public Future<Buffer> result() {
    return whole.future();
  }

  @Override
  public Future<Void> write(Buffer chunk) {
    int fits = Math.min(chunk.length(), maxBytes - body.length());
    body.appendBuffer(chunk, 0, fits);
    if (fits < chunk.length()) {
      onTooLong.accept(body);
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    whole.tryComplete(body);
    return Future.succeededFuture();
  }

  @Override
  public void handle(Throwable failure) {
    whole.tryFail(failure);
  }

  @Override
  public boolean writeQueueFull() {
    return false;
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    return this;
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int size) {
    return this;
  }

  @Override
  public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
    return this;
  }
}
