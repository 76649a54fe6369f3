package io.offboarder.sandbox;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How a sandbox runs.
 *
 * @param port 0 for any free one
 * @param credentials what a client signs in with
 * @param tokenLifetime of the access tokens that it issues
 * @param requestsPerSecond what it allows before it answers 429 with {@code Retry-After: 1}; a
 *     choice, since Webex publishes no number
 * @param latency how long it takes to answer
 */
public record SandboxSettings(
    String host,
    int port,
    SandboxCredentials credentials,
    Duration tokenLifetime,
    OptionalInt requestsPerSecond,
    Latency latency,
    SandboxChoices choices) {

  /** A sandbox on a free port of this machine, with well-known credentials and no limits. */
  public static SandboxSettings defaults() {
    return new SandboxSettings(
        "127.0.0.1",
        0,
        SandboxCredentials.WELL_KNOWN,
        Duration.ofDays(14),
        OptionalInt.empty(),
        Latency.NONE,
        SandboxChoices.defaults());
  }

  /** The same on this address. */
  public SandboxSettings at(String otherHost, int otherPort) {
    return new SandboxSettings(
        otherHost, otherPort, credentials, tokenLifetime, requestsPerSecond, latency, choices);
  }

  /** The same with this quota. */
  public SandboxSettings withRequestsPerSecond(int quota) {
    return new SandboxSettings(
        host, port, credentials, tokenLifetime, OptionalInt.of(quota), latency, choices);
  }

  /** The same with this latency. */
  public SandboxSettings withLatency(Latency other) {
    return new SandboxSettings(
        host, port, credentials, tokenLifetime, requestsPerSecond, other, choices);
  }

  /** The same with access tokens that live this long. */
  public SandboxSettings withTokenLifetime(Duration lifetime) {
    return new SandboxSettings(
        host, port, credentials, lifetime, requestsPerSecond, latency, choices);
  }

  /** The same with these choices. */
  public SandboxSettings withChoices(SandboxChoices other) {
    return new SandboxSettings(
        host, port, credentials, tokenLifetime, requestsPerSecond, latency, other);
  }

  /**
   * What a client signs in with: the access token as it is, or the other three for a refresh.
   *
   * @param accessToken valid from the start, for the token lifetime
   */
  public record SandboxCredentials(
      String accessToken, String clientId, String clientSecret, String refreshToken) {

    /** Credentials that can be typed. They open this sandbox and nothing else. */
    public static final SandboxCredentials WELL_KNOWN =
        new SandboxCredentials(
            "sandbox-access-token",
            "sandbox-client-id",
            "sandbox-client-secret",
            "sandbox-refresh-token");
  }

  /**
   * How long answers take: log-normally distributed through a median and a 99th percentile, or
   * always the same where both are equal.
   */
  public record Latency(Duration median, Duration p99) {
    /** As fast as it can. */
    public static final Latency NONE = new Latency(Duration.ZERO, Duration.ZERO);

    /** Always this long. */
    public static Latency fixed(Duration latency) {
      return new Latency(latency, latency);
    }
  }
}
