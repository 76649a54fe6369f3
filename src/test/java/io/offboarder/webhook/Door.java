package io.offboarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.port.ServerCertificate;
import io.offboarder.signature.SignatureSettings;
import io.offboarder.testing.Certificate;
import io.offboarder.webhook.WebhookSettings.Limits;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A webhook server over real TLS, and what senders do to it. */
final class Door implements AutoCloseable {
  /** Quick to give up, so that tests need not wait. */
  static final Limits LIMITS =
      new Limits(10_000, 64, 32, 1_000, Duration.ofSeconds(2), Duration.ofSeconds(3));

  private final Vertx vertx = Vertx.vertx();
  private final SSLContext trust;
  private final HttpClient client;
  final WebhookServer server;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final String deployment;

  private Door(
      String bootstrapServers,
      Endpoints endpoints,
      Limits limits,
      @Nullable SignatureSettings tokens,
      Certificate certificate) {
    this.trust = trust(certificate);
    this.client =
        HttpClient.newBuilder().sslContext(trust).version(HttpClient.Version.HTTP_1_1).build();
    WebhookSettings settings =
        new WebhookSettings(
            "127.0.0.1",
            0,
            new ServerCertificate(certificate.pem(), certificate.keyPem()),
            limits,
            new KafkaSettings(bootstrapServers, Map.of(), Duration.ofSeconds(10)),
            endpoints,
            tokens);
    this.server = new WebhookServer(settings, Duration.ofSeconds(5), meters, Clock.systemUTC());
    this.deployment = vertx.deployVerticle(server).await();
  }

  static Door open(
      String bootstrapServers,
      String endpoints,
      Limits limits,
      @Nullable SignatureSettings tokens,
      Path directory)
      throws Endpoints.InvalidException {
    Path its = directory.resolve("localhost.p12");
    Certificate certificate =
        Files.exists(its)
            ? new Certificate(
                its, directory.resolve("localhost.pem"), directory.resolve("localhost-key.pem"))
            : Certificate.of(directory, "localhost");
    return new Door(
        bootstrapServers,
        EndpointReader.read(endpoints, "webhooks.endpoints"),
        limits,
        tokens,
        certificate);
  }

  private static SSLContext trust(Certificate certificate) {
    try (InputStream in = Files.newInputStream(certificate.keyStore())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, Certificate.PASSWORD.toCharArray());
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("localhost", store.getCertificate("key"));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Posts text with these headers. */
  HttpResponse<String> post(String path, String body, String... headers) {
    return send(request(path, headers).POST(BodyPublishers.ofString(body)).build());
  }

  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path))
            .timeout(Duration.ofSeconds(20));
    return headers.length == 0 ? request : request.headers(headers);
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpClient client() {
    return client;
  }

  /** A connection on which a test writes what it likes, its handshake done. */
  SSLSocket connect() throws IOException {
    SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket();
    socket.connect(
        new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), server.port()),
        5_000);
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    return socket;
  }

  double count(String path, String result) {
    return meters
        .get("offboarder.webhook.requests")
        .tag("endpoint", path)
        .tag("result", result)
        .counter()
        .count();
  }

  /** Stops in good order. */
  void stop() {
    vertx.undeploy(deployment).await();
  }

  static String hex(String algorithm, String secret, String signed) {
    return HexFormat.of().formatHex(mac(algorithm, secret, signed));
  }

  static String base64(String algorithm, String secret, String signed) {
    return Base64.getEncoder().encodeToString(mac(algorithm, secret, signed));
  }

  private static byte[] mac(String algorithm, String secret, String signed) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), algorithm));
      return mac.doFinal(signed.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
