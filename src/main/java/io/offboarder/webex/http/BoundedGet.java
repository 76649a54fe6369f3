package io.offboarder.webex.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads small documents of a server other than the API. An answer has a bound of bytes, and one of
 * time that counts from the request to the last byte: a server that sends a byte now and then holds
 * neither a thread nor, for longer than that, a connection. Redirects are not followed.
 */
public final class BoundedGet {
  private static final long HTTP2_CANCEL = 0x8;

  private final Vertx vertx;
  private final HttpSettings settings;
  private final HttpClientAgent http;

  /** Connects to nothing before something is asked for. */
  public BoundedGet(Vertx vertx, HttpSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.http = vertx.createHttpClient(ClientOptions.of(settings));
  }

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body at most as many bytes as the settings allow
   */
  public record Answer(int status, Buffer body) {

    /** The body as UTF-8 text. */
    public String text() {
      return body.toString(UTF_8);
    }
  }

  /**
   * Asks once. Fails where no whole answer comes in time, or a longer one. To be called on an event
   * loop, on which the future completes.
   *
   * @param pathAndQuery what the request line names
   */
  public Future<Answer> get(String pathAndQuery, Map<String, String> headers) {
    Exchange exchange = new Exchange(headers);
    http.request(HttpMethod.GET, pathAndQuery)
        .onComplete(exchange::connected, exchange.answered::tryFail);
    return exchange.answered.future();
  }

  /** Closes its connections. */
  public void close() {
    http.close();
  }

  /** One request and its answer. */
  private final class Exchange {
    private final Promise<Answer> answered = Promise.promise();
    private final Buffer body = Buffer.buffer();
    private final Map<String, String> headers;
    private @Nullable HttpClientRequest request;

    Exchange(Map<String, String> headers) {
      this.headers = headers;
      long millis = settings.timeouts().exchange().toMillis();
      long timer =
          vertx.setTimer(
              millis,
              passed -> fail(new TimeoutException("no whole answer within " + millis + " ms")));
      answered.future().onComplete(end -> vertx.cancelTimer(timer));
    }

    private void connected(HttpClientRequest ready) {
      request = ready;
      // Failures reach us through futures; without a handler they would be logged as well.
      ready.exceptionHandler(failure -> {});
      if (answered.future().isComplete()) {
        ready.reset(HTTP2_CANCEL);
        return;
      }
      ready.putHeader("User-Agent", "offboarder");
      headers.forEach(ready::putHeader);
      ready.send().onComplete(this::head, answered::tryFail);
    }

    private void head(HttpClientResponse response) {
      response.handler(this::take);
      response
          .end()
          .onComplete(
              end -> answered.tryComplete(new Answer(response.statusCode(), body)),
              answered::tryFail);
    }

    private void take(Buffer chunk) {
      if (answered.future().isComplete()) {
        return;
      }
      if (body.length() + chunk.length() > settings.maxResponseBytes()) {
        fail(new IOException("its answer has more than " + settings.maxResponseBytes() + " bytes"));
      } else {
        body.appendBuffer(chunk);
      }
    }

    /** Ends the stream; on HTTP/1 that closes the connection. */
    private void fail(Exception why) {
      if (answered.tryFail(why) && request != null) {
        request.reset(HTTP2_CANCEL);
      }
    }
  }
}
