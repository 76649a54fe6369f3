package io.offboarder.webex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.webex.http.HttpSettings.Network;
import io.offboarder.webex.http.HttpSettings.Timeouts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A request on the wire")
class HttpTransportTest {
  private static final Timeouts PATIENT =
      new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));
  private static final int MAX_BYTES = 4096;

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private volatile Consumer<HttpServerRequest> behaviour = request -> request.response().end("{}");
  private Vertx vertx;
  private HttpServer server;
  private HttpTransport transport;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    server =
        vertx
            .createHttpServer()
            .connectionHandler(
                connection -> {
                  opened.incrementAndGet();
                  connection.closeHandler(v -> closed.incrementAndGet());
                })
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              seen.add(request.method() + " " + request.uri() + " " + body);
                              behaviour.accept(request);
                            }));
    server.listen(0, "127.0.0.1").await();
    use(PATIENT);
  }

  @AfterEach
  void stop() {
    transport.close().await();
    vertx.close().await();
  }

  private void use(Timeouts timeouts) {
    if (transport != null) {
      transport.close().await();
    }
    transport =
        new HttpTransport(
            vertx,
            new HttpSettings(
                URI.create("http://127.0.0.1:" + server.actualPort() + "/v1/"),
                timeouts,
                MAX_BYTES,
                Network.DIRECT),
            4);
  }

  private String ask(BooleanSupplier mayStillGo) {
    return transport
        .send(ApiRequest.tokenExpiry(), "t1", "token", mayStillGo)
        .map(
            response ->
                "answered "
                    + response.status()
                    + " "
                    + response.body()
                    + (response.truncated() ? ", cut" : ""))
        .recover(e -> Future.succeededFuture(ErrorMessage.reason(e)))
        .await();
  }

  @Test
  @DisplayName("carries the token, its tracking id and who asks, and neither a length nor a body")
  void headers() {
    behaviour =
        request ->
            request
                .response()
                .putHeader("trackingid", "a, b")
                .end(
                    request.getHeader("authorization")
                        + "|"
                        + request.getHeader("trackingid")
                        + "|"
                        + request.getHeader("user-agent")
                        + "|"
                        + request.getHeader("accept")
                        + "|"
                        + request.getHeader("content-length")
                        + "|"
                        + request.getHeader("transfer-encoding"));

    assertThat(ask(() -> true))
        .isEqualTo("answered 200 Bearer token|t1|offboarder|application/json|null|null");
    assertThat(seen).containsExactly("GET /v1/authorizations/tokenExpiry ");
  }

  @Test
  @DisplayName("is not sent when the gate closed while its connection opened, which stays of use")
  void heldBack() {
    assertThat(ask(() -> false)).isEqualTo("held back before it was sent");
    assertThat(seen).isEmpty();

    assertThat(ask(() -> true)).isEqualTo("answered 200 {}");
    assertThat(opened).hasValue(1);
    assertThat(closed).hasValue(0);
  }

  @Test
  @DisplayName(
      "ends with its connection at the bound of the answer's body, and hands out what fits")
  void endlessBody() {
    behaviour =
        request -> {
          request.response().setChunked(true);
          pour(request, Buffer.buffer("x".repeat(1000)));
        };

    assertThat(ask(() -> true)).isEqualTo("answered 200 " + "x".repeat(MAX_BYTES) + ", cut");
    await().until(() -> closed.get() == 1);
  }

  /** Writes until the other side has gone. */
  private void pour(HttpServerRequest request, Buffer chunk) {
    request
        .response()
        .write(chunk)
        .onSuccess(written -> vertx.runOnContext(v -> pour(request, chunk)));
  }

  @Test
  @DisplayName("takes a body of exactly the bound")
  void longestBody() {
    String longest = "x".repeat(MAX_BYTES);
    behaviour = request -> request.response().end(longest);

    assertThat(ask(() -> true)).isEqualTo("answered 200 " + longest);
  }

  @Test
  @DisplayName("ends with its connection when no answer begins in time")
  void silence() {
    use(new Timeouts(Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofSeconds(20)));
    behaviour = request -> {};

    assertThat(ask(() -> true)).isEqualTo("no answer within 200 ms");
    await().until(() -> closed.get() == 1);
  }

  @Test
  @DisplayName("ends with its connection when an answer trickles for longer than it may")
  void trickle() {
    use(new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(300)));
    behaviour =
        request -> {
          request.response().setChunked(true).write("{");
          long drops = vertx.setPeriodic(20, timer -> request.response().write(" "));
          request.connection().closeHandler(v -> vertx.cancelTimer(drops));
        };

    assertThat(ask(() -> true)).isEqualTo("no whole answer within 300 ms");
  }

  @Test
  @DisplayName("never follows a redirect")
  void redirect() {
    behaviour =
        request ->
            request.response().setStatusCode(307).putHeader("location", "/elsewhere").end("moved");

    assertThat(ask(() -> true)).isEqualTo("answered 307 moved");
    assertThat(seen).hasSize(1);
  }
}
