package io.offboarder.webex;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An API over real HTTP that answers as a test tells it to, and remembers what it was asked. */
final class FakeApi {

  /** A request as it came. */
  record Asked(String method, String uri, Map<String, String> headers, String body, long nanos) {
    boolean isAbout(String part) {
      return uri.contains(part);
    }
  }

  /** What to answer: status, headers, body; after a delay; or a dropped connection. */
  record Reply(int status, Map<String, String> headers, Buffer body, Duration delay) {
    static Reply of(int status, String body) {
      return new Reply(
          status, Map.of("Content-Type", "application/json"), Buffer.buffer(body), Duration.ZERO);
    }

    /** Made on the way, by something that knows no tracking ids. */
    static Reply ofGateway(int status, String type, String body) {
      return new Reply(
          status, Map.of("Content-Type", type, GATEWAY, "yes"), Buffer.buffer(body), Duration.ZERO);
    }

    static Reply noContent() {
      return new Reply(204, Map.of(), Buffer.buffer(), Duration.ZERO);
    }

    static Reply dropped() {
      return new Reply(-1, Map.of(), Buffer.buffer(), Duration.ZERO);
    }

    static Reply never() {
      return new Reply(-2, Map.of(), Buffer.buffer(), Duration.ZERO);
    }

    Reply with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Reply(status, more, body, delay);
    }

    Reply after(Duration wait) {
      return new Reply(status, headers, body, wait);
    }
  }

  private static final String GATEWAY = "x-made-by-a-gateway";

  static final String EMPTY = "{\"items\":[]}";

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger mostOpen = new AtomicInteger();
  final AtomicInteger inFlight = new AtomicInteger();
  final AtomicInteger mostInFlight = new AtomicInteger();
  private final ConcurrentHashMap<String, Integer> times = new ConcurrentHashMap<>();
  private volatile Function<Asked, Reply> behaviour = asked -> Reply.of(200, EMPTY);
  private final Vertx vertx;
  private HttpServer server;

  FakeApi(Vertx vertx) throws Exception {
    this.vertx = vertx;
    start(0);
  }

  void start(int port) throws Exception {
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setPort(port).setHost("127.0.0.1"))
            .connectionHandler(
                connection -> {
                  mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                  connection.closeHandler(v -> open.decrementAndGet());
                })
            .requestHandler(this::handle);
    server.listen().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  void stop() throws Exception {
    server.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  int port() {
    return server.actualPort();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/v1");
  }

  void answer(Function<Asked, Reply> with) {
    behaviour = with;
  }

  /** The replies in turn; the last one from then on. */
  void answerInTurn(Reply... replies) {
    AtomicInteger turn = new AtomicInteger();
    behaviour = any -> replies[Math.min(turn.getAndIncrement(), replies.length - 1)];
  }

  int times(String key) {
    return times.merge(key, 1, Integer::sum);
  }

  List<Asked> asked(String part) {
    List<Asked> found = new ArrayList<>();
    asked.stream().filter(one -> one.isAbout(part)).forEach(found::add);
    return found;
  }

  private void handle(HttpServerRequest request) {
    long nanos = System.nanoTime();
    mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    Map<String, String> headers = new LinkedHashMap<>();
    request
        .headers()
        .forEach(
            entry ->
                headers.put(entry.getKey().toLowerCase(java.util.Locale.ROOT), entry.getValue()));
    request
        .body()
        .onSuccess(
            body -> {
              Asked one =
                  new Asked(
                      request.method().name(), request.uri(), headers, body.toString(), nanos);
              asked.add(one);
              reply(request, behaviour.apply(one));
            });
  }

  private void reply(HttpServerRequest request, Reply reply) {
    if (reply.status() == -2) {
      request
          .connection()
          .closeHandler(
              v -> {
                inFlight.decrementAndGet();
                open.decrementAndGet();
              });
      return;
    }
    if (!reply.delay().isZero()) {
      vertx.setTimer(reply.delay().toMillis(), timer -> reply(request, reply.after(Duration.ZERO)));
      return;
    }
    inFlight.decrementAndGet();
    if (reply.status() == -1) {
      request.response().reset();
      return;
    }
    if (!reply.headers().containsKey(GATEWAY)) {
      request.response().putHeader("trackingid", request.getHeader("trackingid"));
    }
    reply.headers().forEach((name, value) -> request.response().putHeader(name, value));
    request.response().setStatusCode(reply.status()).end(reply.body());
  }
}
