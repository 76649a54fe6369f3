package io.offboarder.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that does nothing but CONNECT, and leads to one port of this machine whatever host
 * it is asked for. It remembers what it was asked.
 */
public final class ConnectProxy {
  private static final String END = "\r\n\r\n";

  /** Held, because a client that nobody holds is closed with its connections. */
  private final NetClient targets;

  private final int leadsTo;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final NetServer server;

  private ConnectProxy(Vertx vertx, int leadsTo) {
    this.targets = vertx.createNetClient();
    this.leadsTo = leadsTo;
    this.server = vertx.createNetServer().connectHandler(this::accepted);
  }

  /** Starts one on a free port; a port of 0 to lead to makes it refuse. */
  public static ConnectProxy start(Vertx vertx, int leadsTo) {
    ConnectProxy proxy = new ConnectProxy(vertx, leadsTo);
    proxy.server.listen(0, "127.0.0.1").await();
    return proxy;
  }

  /** Where it is. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** The first line of everything that it was asked. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  private void accepted(NetSocket client) {
    Buffer head = Buffer.buffer();
    client.handler(
        bytes -> {
          head.appendBuffer(bytes);
          if (head.toString().endsWith(END)) {
            client.pause();
            asked.add(head.toString().lines().findFirst().orElse(""));
            connect(client);
          }
        });
  }

  private void connect(NetSocket client) {
    if (leadsTo == 0) {
      client.end(Buffer.buffer("HTTP/1.1 403 Forbidden" + END));
      return;
    }
    targets
        .connect(leadsTo, "127.0.0.1")
        .onSuccess(
            target -> {
              client.write("HTTP/1.1 200 Connection established" + END);
              client.handler(target::write).closeHandler(closed -> target.close());
              target.handler(client::write).closeHandler(closed -> client.close());
              client.resume();
            });
  }
}
