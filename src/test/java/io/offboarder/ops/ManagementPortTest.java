package io.offboarder.ops;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.ops.ManagementSettings.BearerToken;
import io.offboarder.port.ServerCertificate;
import io.offboarder.service.EventTracing;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.testing.Certificate;
import io.offboarder.testing.UnreachableService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The management port, with strangers about")
class ManagementPortTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SOON_MILLIS = (int) SOON.toMillis();
  private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n";
  private static final String UPGRADE =
      """
      GET /health/live HTTP/1.1\r
      Host: here\r
      Connection: Upgrade, HTTP2-Settings\r
      Upgrade: h2c\r
      HTTP2-Settings: AAMAAABkAAQAAP__\r
      \r
      """;
  private static final String SCRAPE = "GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n";

  private final List<Socket> sockets = new ArrayList<>();
  private Vertx vertx;
  private ManagementServer server;

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

  @Test
  @DisplayName("answers a probe while 400 connections idle, and holds few of them")
  void idleConnections() throws IOException {
    deploy(ManagementSettings.plain("127.0.0.1", 0), Duration.ofMinutes(10));
    List<Socket> idle = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      idle.add(connect());
    }

    assertThat(statusLine(LIVE)).contains(" 200 ");

    long closed = idle.stream().filter(ManagementPortTest::isEnded).count();
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
    long closed = unread.stream().filter(ManagementPortTest::isEnded).count();
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

  @Test
  @DisplayName("tells a request without its token a status and nothing else")
  void token() throws IOException {
    deploy(
        new ManagementSettings("127.0.0.1", 0, null, new BearerToken("let-me-see")),
        Duration.ofMinutes(10));

    assertThat(answer(get("/health/live", ""))).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    assertThat(answer(get("/health/ready", ""))).startsWith("HTTP/1.1 503 ").endsWith("\r\n\r\n");
    for (String path : List.of("/metrics", "/", "/nothing")) {
      for (String wrong : List.of("", "Authorization: Bearer let-me-se\r\n")) {
        assertThat(answer(get(path, wrong)))
            .startsWith("HTTP/1.1 401 ")
            .containsIgnoringCase("www-authenticate: Bearer")
            .endsWith("\r\n\r\n");
      }
    }
    String right = "Authorization: Bearer let-me-see\r\n";
    assertThat(answer(get("/metrics", right))).contains("jvm_memory_used_bytes");
    assertThat(answer(get("/health/ready", right))).contains("waits for Kafka");
  }

  @Test
  @DisplayName("proves itself with its certificate, and hangs up on what speaks no TLS")
  void tls(@TempDir Path directory) throws Exception {
    Certificate certificate = Certificate.of(directory, "localhost");
    deploy(
        new ManagementSettings(
            "127.0.0.1", 0, new ServerCertificate(certificate.pem(), certificate.keyPem()), null),
        Duration.ofMinutes(10));

    try (SSLSocket socket =
        (SSLSocket)
            trusting(certificate).getSocketFactory().createSocket("127.0.0.1", server.port())) {
      socket.setSoTimeout(SOON_MILLIS);
      send(socket, LIVE);
      assertThat(socket.getInputStream().readNBytes(15))
          .isEqualTo("HTTP/1.1 200 OK".getBytes(UTF_8));
    }
    Socket silent = connect();
    assertThat(silent.getInputStream().read()).isEqualTo(-1);
    Socket plain = connect();
    send(plain, LIVE);
    assertThat(new String(plain.getInputStream().readAllBytes(), US_ASCII)).doesNotContain("HTTP");
  }

  @Test
  @DisplayName("shows a renewed certificate without a restart, and keeps the earlier one meanwhile")
  void renewedCertificate(@TempDir Path directory) throws Exception {
    Certificate first =
        Certificate.of(Files.createDirectory(directory.resolve("first")), "localhost");
    Certificate second =
        Certificate.of(Files.createDirectory(directory.resolve("second")), "localhost");
    deploy(
        new ManagementSettings(
            "127.0.0.1", 0, new ServerCertificate(first.pem(), first.keyPem()), null),
        Duration.ofMinutes(10),
        Duration.ofMillis(200));
    assertThat(trusts(first)).isTrue();

    Files.writeString(first.keyPem(), "half a key");
    assertThat(trusts(first)).as("while the files are being written").isTrue();

    Files.copy(second.keyPem(), first.keyPem(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(second.pem(), first.pem(), StandardCopyOption.REPLACE_EXISTING);
    await().atMost(SOON).until(() -> trusts(second));
  }

  @Test
  @DisplayName("does not end while another thread still reads its certificate for it")
  void endsAfterTheCertificate(@TempDir Path directory) throws Exception {
    Certificate certificate = Certificate.of(directory, "localhost");
    deploy(
        new ManagementSettings(
            "127.0.0.1", 0, new ServerCertificate(certificate.pem(), certificate.keyPem()), null),
        Duration.ofMinutes(10),
        Duration.ofMillis(20));
    byte[] key = Files.readAllBytes(certificate.keyPem());
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Files.move(pipe, certificate.keyPem(), StandardCopyOption.REPLACE_EXISTING);
    Future<Void> ended;
    // Opens once somebody reads at the other end.
    try (OutputStream writing = Files.newOutputStream(certificate.keyPem())) {
      ended = vertx.undeploy(server.deploymentID());
      awaitStillOpen(ended);
      writing.write(key);
    }

    await().atMost(SOON).until(ended::succeeded);
  }

  @Test
  @DisplayName("does not end while another thread still makes a scrape for it")
  void endsAfterTheScrape() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Gauge.builder(
            "slow",
            () -> {
              begun.countDown();
              return awaits(go);
            })
        .register(registry);
    deploy(
        registry,
        ManagementSettings.plain("127.0.0.1", 0),
        Duration.ofMinutes(10),
        Duration.ofMinutes(1));
    send(connect(), SCRAPE);
    assertThat(begun.await(SOON_MILLIS, TimeUnit.MILLISECONDS)).isTrue();

    Future<Void> ended = vertx.undeploy(server.deploymentID());
    awaitStillOpen(ended);
    go.countDown();

    await().atMost(SOON).until(ended::succeeded);
  }

  private static int awaits(CountDownLatch go) {
    try {
      return go.await(SOON_MILLIS, TimeUnit.MILLISECONDS) ? 1 : 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static void awaitStillOpen(Future<Void> ended) {
    await().during(Duration.ofMillis(200)).atMost(SOON).until(() -> !ended.isComplete());
  }

  private boolean trusts(Certificate certificate) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            trusting(certificate).getSocketFactory().createSocket("127.0.0.1", server.port())) {
      socket.setSoTimeout(SOON_MILLIS);
      socket.startHandshake();
      return true;
    } catch (SSLHandshakeException e) {
      return false;
    }
  }

  @Test
  @DisplayName("never shows its token")
  void hiddenToken() {
    assertThat(
            new ManagementSettings("127.0.0.1", 0, null, new BearerToken("let-me-see")).toString())
        .doesNotContain("let-me-see");
  }

  private static javax.net.ssl.SSLContext trusting(Certificate certificate) throws Exception {
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
  private void deploy(ManagementSettings settings, Duration idleTimeout) {
    deploy(settings, idleTimeout, Duration.ofMinutes(1));
  }

  private void deploy(
      ManagementSettings settings, Duration idleTimeout, Duration certificateCheck) {
    deploy(
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        settings,
        idleTimeout,
        certificateCheck);
  }

  private void deploy(
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

  private static String get(String path, String header) {
    return "GET " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" + header + "\r\n";
  }

  private String scrape() throws IOException {
    return answer(get("/metrics", ""));
  }

  private String answer(String request) throws IOException {
    Socket socket = connect();
    send(socket, request);
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  private String statusLine(String request) throws IOException {
    Socket socket = connect();
    send(socket, request);
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(SOON_MILLIS);
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  /** Whether the other side has ended it. */
  private static boolean isEnded(Socket socket) {
    try {
      socket.setSoTimeout(50);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  private static long drained(Socket socket) {
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
