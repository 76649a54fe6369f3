package io.offboarder.webhook;

import io.offboarder.port.ConnectionLimit;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Bounds how many connections there are, and for how long one may be open without a whole request.
 * One too many closes the one that has waited longest, so that somebody who holds all others keeps
 * nobody out. Confined to the event loop of its server.
 */
final class OpenConnections {
  private final int most;
  private final Duration patience;
  private final LongSupplier nanoTime;

  /** Those from which a request is awaited, the oldest first, and since when. */
  private final Map<HttpConnection, Long> awaited = new LinkedHashMap<>();

  private int open;

  OpenConnections(int most, Duration patience, LongSupplier nanoTime) {
    this.most = most;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  void opened(HttpConnection connection) {
    open++;
    awaited.put(connection, nanoTime.getAsLong());
    connection.closeHandler(
        closed -> {
          open--;
          awaited.remove(connection);
        });
    if (open > most) {
      cut(awaited.keySet().iterator().next());
    }
  }

  /** A whole request has come; how long its answer takes is up to us. */
  void received(HttpConnection connection) {
    awaited.remove(connection);
  }

  /** A request was answered. */
  void answered(HttpConnection connection) {
    // One whose request has not come as a whole keeps the time that it had.
    awaited.putIfAbsent(connection, nanoTime.getAsLong());
  }

  /** Ends those that have taken too long. */
  void sweep() {
    List<HttpConnection> late = new ArrayList<>();
    for (Map.Entry<HttpConnection, Long> one : awaited.entrySet()) {
      if (nanoTime.getAsLong() - one.getValue() < patience.toNanos()) {
        break;
      }
      late.add(one.getKey());
    }
    late.forEach(this::cut);
  }

  private void cut(HttpConnection connection) {
    awaited.remove(connection);
    ConnectionLimit.cut(connection);
  }
}
