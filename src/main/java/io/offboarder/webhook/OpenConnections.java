package io.offboarder.webhook;

import io.offboarder.port.ConnectionLimit;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** Those whose request has begun and has not come as a whole, the oldest first. */
  private final Set<HttpConnection> sending = new LinkedHashSet<>();

  private final Set<HttpConnection> open = new HashSet<>();

  OpenConnections(int most, Duration patience, LongSupplier nanoTime) {
    this.most = most;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  void opened(HttpConnection connection) {
    open.add(connection);
    awaited.put(connection, nanoTime.getAsLong());
    connection.closeHandler(
        closed -> {
          open.remove(connection);
          awaited.remove(connection);
          sending.remove(connection);
        });
    if (open.size() > most) {
      cut(awaited.keySet().iterator().next());
    }
  }

  /** A request has begun. */
  void began(HttpConnection connection) {
    sending.add(connection);
  }

  /** A whole request has come; how long its answer takes is up to us. */
  void received(HttpConnection connection) {
    awaited.remove(connection);
    sending.remove(connection);
  }

  /** A request was answered, or its connection has ended. */
  void answered(HttpConnection connection) {
    sending.remove(connection);
    if (open.contains(connection)) {
      // One whose request has not come as a whole keeps the time that it had.
      awaited.putIfAbsent(connection, nanoTime.getAsLong());
    }
  }

  /**
   * Ends the connection whose request has been coming for the longest time.
   *
   * @return false where each request that has begun has come as a whole
   */
  boolean cutSlowest() {
    Iterator<HttpConnection> slowest = sending.iterator();
    if (!slowest.hasNext()) {
      return false;
    }
    cut(slowest.next());
    return true;
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
    sending.remove(connection);
    ConnectionLimit.cut(connection);
  }
}
