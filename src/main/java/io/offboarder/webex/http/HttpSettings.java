package io.offboarder.webex.http;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the API is reached.
 *
 * @param baseUrl where the API lives, {@code https://webexapis.com/v1}; http or https
 * @param maxResponseBytes a longer body is cut there, and its connection ends
 * @param network what lies between us and the API
 */
public record HttpSettings(URI baseUrl, Timeouts timeouts, int maxResponseBytes, Network network) {

  /** The public API's address. */
  public static final URI PUBLIC_API = URI.create("https://webexapis.com/v1");

  /** Some 29,000 authorizations. */
  public static final int USUAL_RESPONSE_BYTES = 8 * 1024 * 1024;

  /** Checks every setting; the message names the first that is wrong. */
  public HttpSettings {
    requireBaseUrl(baseUrl);
    if (maxResponseBytes < 1) {
      throw new IllegalArgumentException(
          "maxResponseBytes is " + maxResponseBytes + "; expected at least 1");
    }
  }

  /** The API at an address, reached directly, with timeouts and a bound that suit it. */
  public static HttpSettings at(URI baseUrl) {
    return new HttpSettings(baseUrl, Timeouts.defaults(), USUAL_RESPONSE_BYTES, Network.DIRECT);
  }

  /**
   * How long one attempt may take.
   *
   * @param connect for a connection, its TLS handshake included
   * @param response from sending the request to the answer's head
   * @param exchange from sending the request to the last byte of the answer
   */
  public record Timeouts(Duration connect, Duration response, Duration exchange) {
    /** Checks that all are positive. */
    public Timeouts {
      requirePositive("timeouts.connect", connect);
      requirePositive("timeouts.response", response);
      requirePositive("timeouts.exchange", exchange);
    }

    /** 10, 20 and 40 seconds. */
    public static Timeouts defaults() {
      return new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(40));
    }

    private static void requirePositive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(name + " is " + value + "; expected above zero");
      }
    }
  }

  /**
   * What lies between us and the API.
   *
   * @param caFile certificates to trust instead of the system's, in PEM; null for the system's
   * @param proxy an HTTP proxy, {@code http://host:port}; null for none
   */
  public record Network(@Nullable Path caFile, @Nullable URI proxy) {
    /** No proxy, and the certificates that the system trusts. */
    public static final Network DIRECT = new Network(null, null);

    /** Checks the proxy's address. */
    public Network {
      if (proxy != null && (proxy.getHost() == null || proxy.getPort() <= 0)) {
        // Not the address itself: somebody may have put a password into it.
        throw new IllegalArgumentException(
            "network.proxy is not usable; expected http://host:port");
      }
    }
  }

  /**
   * Whether requests can be sent below a URL: http or https, a host and perhaps a path, without
   * user, query or fragment.
   */
  public static boolean isBaseUrl(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    return (scheme.equals("http") || scheme.equals("https"))
        && url.getHost() != null
        && url.getRawUserInfo() == null
        && url.getRawQuery() == null
        && url.getRawFragment() == null;
  }

  private static void requireBaseUrl(URI url) {
    if (!isBaseUrl(url)) {
      // Not the URL itself: somebody may have put a password into it.
      throw new IllegalArgumentException(
          "baseUrl must be http:// or https://, a host and perhaps a path, without user, query or"
              + " fragment");
    }
  }
}
