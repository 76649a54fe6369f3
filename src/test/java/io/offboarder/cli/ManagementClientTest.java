package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.config.ConfigReader;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.HttpConfig;
import io.offboarder.config.Section;
import io.offboarder.ops.ManagementServer;
import io.offboarder.ops.ManagementSettings;
import io.offboarder.ops.ManagementSettings.BearerToken;
import io.offboarder.ops.ServiceMetrics;
import io.offboarder.port.ServerCertificate;
import io.offboarder.service.EventTracing;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.testing.Certificate;
import io.offboarder.testing.UnreachableService;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A management port with a certificate and a token")
class ManagementClientTest {
  private static final String TOKEN = "let-me-see";

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private Certificate certificate;
  private Map<String, String> settings;
  private int port;

  @BeforeEach
  void start() throws Exception {
    certificate = Certificate.of(directory, "offboarder.example.com");
    ServerCertificate tls = new ServerCertificate(certificate.pem(), certificate.keyPem());
    ManagementServer server = server(new ManagementSettings("127.0.0.1", 0, tls, token()));
    vertx.deployVerticle(server).await();
    port = server.port();
    settings =
        Map.of(
            "OFFBOARDER_HTTP_PORT", Integer.toString(port),
            "OFFBOARDER_HTTP_TLS_CERTIFICATE_FILE", certificate.pem().toString(),
            "OFFBOARDER_HTTP_TLS_KEY_FILE", certificate.keyPem().toString(),
            "OFFBOARDER_HTTP_TOKEN", TOKEN);
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  @DisplayName("tells its health to the command that has its settings")
  void health() {
    Invocation health = new Invocation().with(settings).run("health");

    assertThat(health.errors()).isEmpty();
    assertThat(health.exitCode()).as("it is up, and not ready").isEqualTo(1);
    assertThat(health.output()).contains("waits for Kafka");
  }

  @Test
  @DisplayName("tells whoever asks at a URL whether it is well, and is shown no token there")
  void healthByUrl() {
    String url = "https://localhost:" + port + "/health/live";
    Invocation health = new Invocation().with(settings).run("health", "--url", url);

    assertThat(health.errors()).isEmpty();
    assertThat(health.exitCode()).isZero();
    assertThat(health.output()).isEmpty();
  }

  @Test
  @DisplayName("is not believed where it shows another certificate than the settings name")
  void otherCertificate() throws Exception {
    Certificate other = Certificate.of(Files.createDirectory(directory.resolve("b")), "localhost");
    Invocation health =
        new Invocation()
            .with(settings)
            .with("OFFBOARDER_HTTP_TLS_CERTIFICATE_FILE", other.pem().toString())
            .run("health");

    assertThat(health.exitCode()).isEqualTo(1);
    assertThat(health.errors()).singleElement().asString().endsWith("(no TLS)");
  }

  @Test
  @DisplayName("shows its metrics to the command that shows how the service stands")
  void metrics() throws Exception {
    HttpConfig http =
        ((ConfigResult.Valid<HttpConfig>)
                new ConfigReader(settings, () -> "host").read(Section.HTTP, null))
            .config();

    InstanceMetrics metrics = InstanceMetrics.of(http, List.of("localhost"), "group");

    assertThat(metrics.pages()).as("one instance, at its address and a member's").hasSize(1);
    assertThat(metrics.sum("offboarder_ready")).hasValue(0);
    assertThat(InstanceMetrics.of(http, List.of("localhost"), "another").pages()).isEmpty();
  }

  private static BearerToken token() {
    return new BearerToken(TOKEN);
  }

  /** A server of a service that was not started; it needs neither broker nor API. */
  private static ManagementServer server(ManagementSettings management) {
    ServiceMetrics metrics =
        new ServiceMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    OffboardingVerticle service =
        new OffboardingVerticle(
            UnreachableService.settings(), Clock.systemUTC(), metrics, EventTracing.NONE);
    return new ManagementServer(service, metrics, management);
  }
}
