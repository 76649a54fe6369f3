package io.offboarder.ops;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.service.EventTracing;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.testing.Certificate;
import io.offboarder.testing.UnreachableService;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A management port, and connections of strangers to it. */
abstract class ManagementPortFixture {
  static final Duration SOON = Duration.ofSeconds(30);
  static final int SOON_MILLIS = (int) SOON.toMillis();
  static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n";
  static final String SCRAPE = "GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n";

  final List<Socket> sockets = new ArrayList<>();
  Vertx vertx;
  ManagementServer server;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    vertx.close().await();
  }

  static javax.net.ssl.SSLContext trusting(Certificate certificate) throws Exception {
    java.security.KeyStore trust =
        java.security.KeyStore.getInstance(
            certificate.keyStore().toFile(), Certificate.PASSWORD.toCharArray());
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    java.security.KeyStore certificates = java.security.KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry("one", trust.getCertificate("key"));
    factory.init(certificates);
    javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  /** A server of a service that was not started; it needs neither broker nor API. */
  void deploy(ManagementSettings settings, Duration idleTimeout) {
    deploy(settings, idleTimeout, Duration.ofMinutes(1));
  }

  void deploy(ManagementSettings settings, Duration idleTimeout, Duration certificateCheck) {
    deploy(
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        settings,
        idleTimeout,
        certificateCheck);
  }

  void deploy(
      PrometheusMeterRegistry registry,
      ManagementSettings settings,
      Duration idleTimeout,
      Duration certificateCheck) {
    ServiceMetrics metrics = new ServiceMetrics(registry);
    OffboardingVerticle service =
        new OffboardingVerticle(
            UnreachableService.settings(), Clock.systemUTC(), metrics, EventTracing.NONE);
    server =
        new ManagementServer(
            service, metrics, settings, Liveness.USUAL, idleTimeout, certificateCheck);
    vertx.deployVerticle(server).await();
  }

  static String get(String path, String header) {
    return "GET " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" + header + "\r\n";
  }

  String scrape() throws IOException {
    return answer(get("/metrics", ""));
  }

  String answer(String request) throws IOException {
    Socket socket = connect();
    send(socket, request);
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  String statusLine(String request) throws IOException {
    Socket socket = connect();
    send(socket, request);
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(SOON_MILLIS);
    sockets.add(socket);
    return socket;
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  /** Whether the other side has ended it. */
  static boolean isEnded(Socket socket) {
    try {
      socket.setSoTimeout(50);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  static long drained(Socket socket) {
    long received = 0;
    byte[] some = new byte[64 * 1024];
    try {
      InputStream in = socket.getInputStream();
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        received += n;
      }
    } catch (IOException reset) {
      return received;
    }
    return received;
  }
}
