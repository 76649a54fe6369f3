package io.offboarder.webex;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.credentials.Credentials;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Everything the client is told.
 *
 * @param baseUrl where the API lives, {@code https://webexapis.com/v1}; http or https
 * @param maxConcurrency requests in flight at any time, token refreshes included
 * @param maxRequestsPerSecond a ceiling below what the API would allow
 * @param maxResponseBytes a longer body is an error and ends its connection
 * @param network what lies between us and the API
 * @param names how people are named in the log, where the API's words may name them
 */
public record WebexSettings(
    URI baseUrl,
    Credentials credentials,
    int maxConcurrency,
    OptionalDouble maxRequestsPerSecond,
    Timeouts timeouts,
    Retries retries,
    Holds holds,
    Probes probes,
    int maxResponseBytes,
    Network network,
    Pseudonymizer names) {

  /** The public API's address. */
  public static final URI PUBLIC_API = URI.create("https://webexapis.com/v1");

  private static final int MEBIBYTE = 1024 * 1024;

  /** Checks every setting; the message names the first that is wrong. */
  public WebexSettings {
    requireBaseUrl(baseUrl);
    require(maxConcurrency >= 1, "maxConcurrency", maxConcurrency, "at least 1");
    if (maxRequestsPerSecond.isPresent()) {
      double rate = maxRequestsPerSecond.getAsDouble();
      require(rate > 0 && Double.isFinite(rate), "maxRequestsPerSecond", rate, "above 0");
    }
    require(maxResponseBytes >= 1024, "maxResponseBytes", maxResponseBytes, "at least 1024");
  }

  /** Settings that suit the public API. */
  public static WebexSettings defaults(Credentials credentials) {
    return new WebexSettings(
        PUBLIC_API,
        credentials,
        64,
        OptionalDouble.empty(),
        Timeouts.defaults(),
        Retries.defaults(),
        Holds.defaults(),
        Probes.defaults(),
        8 * MEBIBYTE,
        Network.DIRECT,
        Pseudonymizer.NONE);
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
  }

  /**
   * What a request that keeps failing is worth while the API is otherwise healthy. Attempts made
   * during an outage, a hold or while the credentials are refused do not count.
   *
   * @param maxAttempts failed attempts after which the request ends
   * @param maxTime spent failing and backing off, after which the request ends
   * @param firstBackoff the bound of the first random delay; it doubles with each failure
   * @param maxBackoff the bound it grows to
   */
  public record Retries(
      int maxAttempts, Duration maxTime, Duration firstBackoff, Duration maxBackoff) {
    /** Checks the values. */
    public Retries {
      require(maxAttempts >= 1, "retries.maxAttempts", maxAttempts, "at least 1");
      requirePositive("retries.maxTime", maxTime);
      requirePositive("retries.firstBackoff", firstBackoff);
      requirePositive("retries.maxBackoff", maxBackoff);
    }

    /** 8 attempts or 2 minutes, delays up to 200 ms at first and 10 s at last. */
    public static Retries defaults() {
      return new Retries(8, Duration.ofMinutes(2), Duration.ofMillis(200), Duration.ofSeconds(10));
    }
  }

  /**
   * How long everything waits after a 429 or 423.
   *
   * @param unnamed when the answer names no time that makes sense; doubles with each such answer in
   *     a row, up to a minute
   * @param longest bound on what an answer may name
   */
  public record Holds(Duration unnamed, Duration longest) {
    /** Checks that both are positive. */
    public Holds {
      requirePositive("holds.unnamed", unnamed);
      requirePositive("holds.longest", longest);
    }

    /** One second; at most 15 minutes. */
    public static Holds defaults() {
      return new Holds(Duration.ofSeconds(1), Duration.ofMinutes(15));
    }
  }

  /**
   * How often one request goes out to see whether trouble is over.
   *
   * @param first interval; it doubles with each failed probe
   * @param longest interval
   * @param credentialsRecheck how often credential files are read again
   */
  public record Probes(Duration first, Duration longest, Duration credentialsRecheck) {
    /** Checks that all are positive. */
    public Probes {
      requirePositive("probes.first", first);
      requirePositive("probes.longest", longest);
      requirePositive("probes.credentialsRecheck", credentialsRecheck);
    }

    /** From 1 to 30 seconds; files every 5 seconds. */
    public static Probes defaults() {
      return new Probes(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5));
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
      require(
          proxy == null || (proxy.getHost() != null && proxy.getPort() > 0),
          "network.proxy",
          "not usable",
          "http://host:port");
    }
  }

  /** The same with another address. */
  public WebexSettings withBaseUrl(URI url) {
    return new WebexSettings(
        url,
        credentials,
        maxConcurrency,
        maxRequestsPerSecond,
        timeouts,
        retries,
        holds,
        probes,
        maxResponseBytes,
        network,
        names);
  }

  /** The same with another bound on requests in flight. */
  public WebexSettings withMaxConcurrency(int requests) {
    return new WebexSettings(
        baseUrl,
        credentials,
        requests,
        maxRequestsPerSecond,
        timeouts,
        retries,
        holds,
        probes,
        maxResponseBytes,
        network,
        names);
  }

  /** The same with a ceiling on requests per second. */
  public WebexSettings withMaxRequestsPerSecond(double rate) {
    return new WebexSettings(
        baseUrl,
        credentials,
        maxConcurrency,
        OptionalDouble.of(rate),
        timeouts,
        retries,
        holds,
        probes,
        maxResponseBytes,
        network,
        names);
  }

  /** The same with other timeouts. */
  public WebexSettings withTimeouts(Timeouts other) {
    return new WebexSettings(
        baseUrl,
        credentials,
        maxConcurrency,
        maxRequestsPerSecond,
        other,
        retries,
        holds,
        probes,
        maxResponseBytes,
        network,
        names);
  }

  /** The same with another budget for retries. */
  public WebexSettings withRetries(Retries other) {
    return new WebexSettings(
        baseUrl,
        credentials,
        maxConcurrency,
        maxRequestsPerSecond,
        timeouts,
        other,
        holds,
        probes,
        maxResponseBytes,
        network,
        names);
  }

  /** The same with other holds. */
  public WebexSettings withHolds(Holds other) {
    return new WebexSettings(
        baseUrl,
        credentials,
        maxConcurrency,
        maxRequestsPerSecond,
        timeouts,
        retries,
        other,
        probes,
        maxResponseBytes,
        network,
        names);
  }

  /** The same with other probes. */
  public WebexSettings withProbes(Probes other) {
    return new WebexSettings(
        baseUrl,
        credentials,
        maxConcurrency,
        maxRequestsPerSecond,
        timeouts,
        retries,
        holds,
        other,
        maxResponseBytes,
        network,
        names);
  }

  /** The same with another bound on a response's body. */
  public WebexSettings withMaxResponseBytes(int bytes) {
    return new WebexSettings(
        baseUrl,
        credentials,
        maxConcurrency,
        maxRequestsPerSecond,
        timeouts,
        retries,
        holds,
        probes,
        bytes,
        network,
        names);
  }

  /** The same over another network. */
  public WebexSettings withNetwork(Network other) {
    return new WebexSettings(
        baseUrl,
        credentials,
        maxConcurrency,
        maxRequestsPerSecond,
        timeouts,
        retries,
        holds,
        probes,
        maxResponseBytes,
        other,
        names);
  }

  /** The same with other names for people in the log and in what {@code status} says. */
  public WebexSettings withNames(Pseudonymizer other) {
    return new WebexSettings(
        baseUrl,
        credentials,
        maxConcurrency,
        maxRequestsPerSecond,
        timeouts,
        retries,
        holds,
        probes,
        maxResponseBytes,
        network,
        other);
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

  private static void requirePositive(String name, Duration value) {
    require(!value.isNegative() && !value.isZero(), name, value, "above zero");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + "; expected " + expected);
    }
  }
}
