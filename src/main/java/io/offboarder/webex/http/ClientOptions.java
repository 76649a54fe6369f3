package io.offboarder.webex.http;

import io.offboarder.webex.http.HttpSettings.Network;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** How a server is reached: the same for all that this process asks. */
public final class ClientOptions {
  private static final Duration IDLE_CONNECTION = Duration.ofSeconds(30);

  private ClientOptions() {}

  /** The options of a client for one server: its address, TLS, proxy and time to connect. */
  public static WebClientOptions of(HttpSettings settings) {
    URI url = settings.baseUrl();
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() > 0 ? url.getPort() : tls ? 443 : 80;
    WebClientOptions options = new WebClientOptions();
    options
        .setUserAgent("offboarder")
        .setFollowRedirects(false)
        .setDefaultHost(url.getHost())
        .setDefaultPort(port)
        .setSsl(tls)
        .setVerifyHost(true)
        .setConnectTimeout(Math.toIntExact(settings.timeouts().connect().toMillis()))
        .setKeepAliveTimeout((int) IDLE_CONNECTION.toSeconds())
        .setPipelining(false)
        .setLogActivity(false)
        .setHttp2ClearTextUpgrade(false);
    if (tls) {
      options
          .setProtocolVersion(HttpVersion.HTTP_2)
          .setUseAlpn(true)
          .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
    }
    Network network = settings.network();
    if (network.caFile() != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(network.caFile().toString()));
    }
    if (network.proxy() != null) {
      options.setProxyOptions(
          new ProxyOptions()
              .setType(ProxyType.HTTP)
              .setHost(network.proxy().getHost())
              .setPort(network.proxy().getPort())
              .setConnectTimeout(settings.timeouts().connect()));
    }
    return options;
  }
}
