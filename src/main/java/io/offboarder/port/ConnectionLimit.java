package io.offboarder.port;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Iterator;
import java.util.LinkedHashSet;

/**
 * Bounds the connections of a server. One too many closes the one that has gone longest without a
 * request, so that a probe gets its answer while somebody holds all the others. Confined to the
 * event loop of its server.
 */
public final class ConnectionLimit {
  private final int most;
  private final LinkedHashSet<HttpConnection> byLastRequest = new LinkedHashSet<>();

  /** Lets so many connections be open. */
  public ConnectionLimit(int most) {
    this.most = most;
  }

  /** A connection was opened; may close another. */
  public void opened(HttpConnection connection) {
    byLastRequest.add(connection);
    connection.closeHandler(closed -> byLastRequest.remove(connection));
    if (byLastRequest.size() > most) {
      Iterator<HttpConnection> oldest = byLastRequest.iterator();
      HttpConnection idle = oldest.next();
      oldest.remove();
      cut(idle);
    }
  }

  /** A request has come on a connection. */
  public void used(HttpConnection connection) {
    if (byLastRequest.remove(connection)) {
      byLastRequest.add(connection);
    }
  }

  /**
   * Ends a connection at once. Its own {@code close} waits until what was written is read, which
   * somebody who reads nothing could put off.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // There is nothing to do where it fails.
  public static void cut(HttpConnection connection) {
    if (connection instanceof HttpServerConnection open) {
      open.channelHandlerContext().close();
    } else {
      connection.close();
    }
  }
}
