package io.offboarder.webex.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects a response's body, or has it read, up to a bound. Confined to the loop. */
final class BoundedBody implements BodyStream<Buffer> {

  private final int maxBytes;
  private final @Nullable BodyReader reader;
  private final Consumer<Buffer> onCut;
  private final Buffer body = Buffer.buffer();
  private final Promise<Buffer> whole = Promise.promise();
  private int received;
  private boolean cut;

  /**
   * An empty body.
   *
   * @param reader takes the bytes instead of the body; null where they are collected
   * @param onCut is given what was collected when the bound is passed, or the reader needs no more;
   *     what comes after that is dropped
   */
  BoundedBody(int maxBytes, @Nullable BodyReader reader, Consumer<Buffer> onCut) {
    this.maxBytes = maxBytes;
    this.reader = reader;
    this.onCut = onCut;
  }

  @Override
  public Future<Buffer> result() {
    return whole.future();
  }

  @Override
  public Future<Void> write(Buffer chunk) {
    if (cut) {
      return Future.succeededFuture();
    }
    int fits = Math.min(chunk.length(), maxBytes - received);
    received += fits;
    boolean wantsMore = take(chunk.slice(0, fits));
    if (!wantsMore || fits < chunk.length()) {
      cut = true;
      onCut.accept(body);
    }
    return Future.succeededFuture();
  }

  private boolean take(Buffer bytes) {
    if (reader != null) {
      return reader.read(bytes);
    }
    body.appendBuffer(bytes);
    return true;
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
