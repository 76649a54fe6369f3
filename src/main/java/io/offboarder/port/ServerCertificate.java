package io.offboarder.port;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a server proves itself with.
 *
 * @param certificateFile the certificate and those that lead to its issuer, in PEM
 * @param keyFile the private key, PKCS #8 in PEM
 */
public record ServerCertificate(Path certificateFile, Path keyFile) {
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
}
