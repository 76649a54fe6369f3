package io.offboarder.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.port.ServerCertificate;
import io.offboarder.testing.Certificate;
import io.vertx.core.Future;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The management port, at its end,")
class ManagementPortEndTest extends ManagementPortFixture {
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
}
