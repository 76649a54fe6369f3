package io.offboarder.ops;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.ops.ManagementSettings.BearerToken;
import io.offboarder.port.ServerCertificate;
import io.offboarder.testing.Certificate;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The management port, with a certificate or a token,")
class ManagementPortTrustTest extends ManagementPortFixture {
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
  @DisplayName("never shows its token")
  void hiddenToken() {
    assertThat(
            new ManagementSettings("127.0.0.1", 0, null, new BearerToken("let-me-see")).toString())
        .doesNotContain("let-me-see");
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
}
