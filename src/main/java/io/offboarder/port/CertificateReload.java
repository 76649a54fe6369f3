package io.offboarder.port;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a server's certificate again and again, so that one that was renewed is shown. Confined to
 * the event loop that it was begun on.
 */
public final class CertificateReload {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateReload.class);

  private final Vertx vertx;
  private final HttpServer server;
  private final HttpServerOptions options;
  private final ServerCertificate certificate;
  private final Duration each;
  private Future<?> reading = Future.succeededFuture();
  private boolean stopped;

  private CertificateReload(
      Vertx vertx,
      HttpServer server,
      HttpServerOptions options,
      ServerCertificate certificate,
      Duration each) {
    this.vertx = vertx;
    this.server = server;
    this.options = options;
    this.certificate = certificate;
    this.each = each;
  }

  /**
   * Begins.
   *
   * @param options what the server was made with
   * @param each the time from one reading to the next
   */
  public static CertificateReload start(
      Vertx vertx,
      HttpServer server,
      HttpServerOptions options,
      ServerCertificate certificate,
      Duration each) {
    CertificateReload reload = new CertificateReload(vertx, server, options, certificate, each);
    reload.later();
    return reload;
  }

  private void later() {
    vertx.setTimer(each.toMillis(), due -> read());
  }

  /** Also where the files seem the same: their names are, but not what they hold. */
  private void read() {
    if (stopped) {
      return;
    }
    reading =
        server
            .updateSSLOptions(options.getSslOptions(), true)
            .onFailure(
                fault ->
                    LOG.warn(
                        "the certificate {} and its key {} cannot be read again ({}); the earlier"
                            + " certificate stays",
                        certificate.certificateFile(),
                        certificate.keyFile(),
                        fault.getMessage()))
            .onComplete(read -> later());
  }

  /**
   * Reads no more.
   *
   * @return completes when the files are not being read any more, which another thread does: it
   *     answers to the event loop, which has to be there
   */
  public Future<?> stop() {
    stopped = true;
    return reading.otherwiseEmpty();
  }
}
