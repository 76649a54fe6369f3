package io.offboarder.port;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server proves itself with. Read again while the server runs, so that a certificate that
 * was renewed is shown.
 *
 * @param certificateFile the certificate and those that lead to its issuer, in PEM
 * @param keyFile the private key, PKCS #8 in PEM
 */
public record ServerCertificate(Path certificateFile, Path keyFile) {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(2);

  /** How soon a certificate that was renewed is shown. */
  public static final Duration USUAL_CHECK = Duration.ofMinutes(1);

  /** Makes a server speak TLS with this. */
  public void addTo(HttpServerOptions options) {
    options
        .setSsl(true)
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setSslHandshakeTimeout(HANDSHAKE_TIMEOUT.toMillis())
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(certificateFile.toString())
                .setKeyPath(keyFile.toString()));
  }

  /** Reads the files again and again, for as long as the verticle whose thread this is lives. */
  public void reload(Vertx vertx, HttpServer server, HttpServerOptions options, Duration each) {
    vertx.setPeriodic(each.toMillis(), tick -> reload(server, options));
  }

  /** Also where the files seem the same: their names are, whatever they hold now. */
  private void reload(HttpServer server, HttpServerOptions options) {
    server
        .updateSSLOptions(options.getSslOptions(), true)
        .onFailure(
            fault ->
                LOG.warn(
                    "the certificate {} and its key {} cannot be read again ({}); the earlier"
                        + " certificate stays",
                    certificateFile,
                    keyFile,
                    fault.getMessage()));
  }
}
