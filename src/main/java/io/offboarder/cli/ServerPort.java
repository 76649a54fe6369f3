package io.offboarder.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;

/** Where a server should listen: asked for when it did not answer in time, to say why. */
record ServerPort(String host, int port) {
  /** A port that refuses does so at once. */
  private static final Duration WITHIN = Duration.ofMillis(500);

  /** Reads {@code host:port}, or {@code [address]:port}, as the settings check it. */
  static ServerPort of(String server) {
    int colon = server.lastIndexOf(':');
    String host = server.substring(0, colon).replaceAll("[\\[\\]]", "");
    return new ServerPort(host, Integer.parseInt(server.substring(colon + 1)));
  }

  /** The port of a URL that has a host. */
  static ServerPort of(URI url) {
    int usual = "https".equals(url.getScheme()) ? 443 : 80;
    return new ServerPort(
        url.getHost().replaceAll("[\\[\\]]", ""), url.getPort() == -1 ? usual : url.getPort());
  }

  /** Whether it refuses a connection now. Blocks for half a second at most. */
  boolean refuses() {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      return false;
    }
    try (Socket socket = new Socket()) {
      socket.connect(address, Math.toIntExact(WITHIN.toMillis()));
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
