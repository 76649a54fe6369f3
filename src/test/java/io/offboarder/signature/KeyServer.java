package io.offboarder.signature;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A server of a key set, honest or not. */
final class KeyServer implements AutoCloseable {
  private final Vertx vertx;
  private final Pace pace;
  private final AtomicInteger requests = new AtomicInteger();
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile String keys = "";
  private final HttpServer server;

  /** How it answers. */
  enum Pace {
    AT_ONCE,
    TRICKLING,
    REDIRECTED,
    REFUSED,
    ENDLESS,
    GARBAGE
  }

  private KeyServer(Vertx vertx, Pace pace) {
    this.vertx = vertx;
    this.pace = pace;
    this.server =
        vertx
            .createHttpServer()
            .connectionHandler(
                connection -> {
                  connections.add(connection);
                  connection.closeHandler(closed -> connections.remove(connection));
                })
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .await();
  }

  static KeyServer start(Vertx vertx, Pace pace, JWK... keys) {
    KeyServer server = new KeyServer(vertx, pace);
    server.serve(keys);
    return server;
  }

  void serve(JWK... served) {
    keys = new JWKSet(List.of(served)).toString(true);
  }

  URL url() throws MalformedURLException {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/jwks?for=us").toURL();
  }

  int requests() {
    return requests.get();
  }

  int connections() {
    return connections.size();
  }

  /** Closes each connection, in the middle of an answer too. */
  void hangUp() {
    connections.forEach(HttpConnection::close);
  }

  void awaitRequest() {
    Awaitility.await().until(() -> requests() > 0);
  }

  private void answer(HttpServerRequest request) {
    requests.incrementAndGet();
    HttpServerResponse response = request.response();
    switch (pace) {
      case AT_ONCE -> response.end(keys);
      case TRICKLING -> {
        response.setChunked(true);
        vertx.setPeriodic(20, timer -> trickle(timer, response));
      }
      case REDIRECTED -> {
        if (request.path().equals("/moved")) {
          response.end(keys);
        } else {
          response.setStatusCode(302).putHeader("Location", "/moved").end();
        }
      }
      case REFUSED -> response.setStatusCode(403).end(keys);
      case ENDLESS -> {
        response.setChunked(true);
        vertx.setPeriodic(1, timer -> pour(timer, response));
      }
      case GARBAGE -> response.end("{\"keys\":7}");
    }
  }

  private void trickle(long timer, HttpServerResponse response) {
    if (response.closed()) {
      vertx.cancelTimer(timer);
    } else {
      response.write(" ");
    }
  }

  private void pour(long timer, HttpServerResponse response) {
    if (response.closed()) {
      vertx.cancelTimer(timer);
    } else if (!response.writeQueueFull()) {
      response.write(Buffer.buffer(new byte[64 << 10]));
    }
  }

  @Override
  public void close() {
    server.close().await();
  }
}
