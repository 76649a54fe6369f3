package io.offboarder.ops;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The management port, with strangers about")
class ManagementPortTest extends ManagementPortFixture {
  private static final String UPGRADE =
      """
      GET /health/live HTTP/1.1\r
      Host: here\r
      Connection: Upgrade, HTTP2-Settings\r
      Upgrade: h2c\r
      HTTP2-Settings: AAMAAABkAAQAAP__\r
      \r
      """;

  @Test
  @DisplayName("answers a probe while 400 connections idle, and holds few of them")
  void idleConnections() throws IOException {
    deploy(ManagementSettings.plain("127.0.0.1", 0), Duration.ofMinutes(10));
    List<Socket> idle = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      idle.add(connect());
    }

    assertThat(statusLine(LIVE)).contains(" 200 ");

    long closed = idle.stream().filter(ManagementPortFixture::isEnded).count();
    assertThat(closed).isGreaterThanOrEqualTo(400 - ManagementServer.MAX_CONNECTIONS);
  }

  @Test
  @DisplayName("closes a connection that says nothing, or half a request")
  void idleTimeout() throws IOException {
    deploy(ManagementSettings.plain("127.0.0.1", 0), Duration.ofMillis(300));
    Socket silent = connect();
    Socket half = connect();
    send(half, "GET /health/live HTTP/1.1\r\nHo");

    assertThat(silent.getInputStream().read()).isEqualTo(-1);
    assertThat(half.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  @DisplayName("gives up on a client that asks for 15,000 scrapes and reads none of them")
  void unreadScrapes() throws IOException {
    deploy(ManagementSettings.plain("127.0.0.1", 0), Duration.ofMinutes(10));
    int size = scrape().length();
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(SOON_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));

    Thread asking =
        new Thread(
            () -> {
              try {
                send(socket, SCRAPE.repeat(15_000));
              } catch (IOException closed) {
                return; // As it should be.
              }
            });
    asking.start();

    // Ends although nothing was read: the server has given up.
    await().atMost(SOON).until(() -> !asking.isAlive());
    long received = drained(socket);
    assertThat(received).isLessThan(200L * size);
    assertThat(statusLine(LIVE)).contains(" 200 ");
  }

  @Test
  @DisplayName("holds few of 400 connections that leave a scrape unread")
  void unreadConnections() throws IOException {
    deploy(ManagementSettings.plain("127.0.0.1", 0), Duration.ofMinutes(10));
    List<Socket> unread = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Socket socket = connect();
      send(socket, SCRAPE.repeat(50));
      unread.add(socket);
    }

    assertThat(statusLine(LIVE)).contains(" 200 ");

    for (Socket socket : unread) {
      socket.setSoTimeout(50);
      drained(socket);
    }
    long closed = unread.stream().filter(ManagementPortFixture::isEnded).count();
    assertThat(closed).isGreaterThanOrEqualTo(400 - ManagementServer.MAX_CONNECTIONS);
  }

  @Test
  @DisplayName("speaks no HTTP/2, with prior knowledge or by an upgrade")
  void noHttp2() throws IOException {
    deploy(ManagementSettings.plain("127.0.0.1", 0), Duration.ofMinutes(10));

    assertThat(statusLine("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).contains(" 501 ");
    assertThat(statusLine(UPGRADE)).isEqualTo("HTTP/1.1 200 OK");
  }

  @Test
  @DisplayName("takes no body, and ends a connection that sends one")
  void noBodies() throws IOException {
    deploy(ManagementSettings.plain("127.0.0.1", 0), Duration.ofMinutes(10));

    for (String request :
        List.of(
            "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n")) {
      Socket socket = connect();
      send(socket, request);
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 405 ");
    }
  }
}
