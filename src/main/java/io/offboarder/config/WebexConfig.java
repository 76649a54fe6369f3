package io.offboarder.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How to reach the Webex API. Checked: there is either an access token, or a client id, a client
 * secret and a refresh token; each in place or in a file, never both. Immutable.
 */
public interface WebexConfig {
  /** The API's address. */
  @Must(Rule.HTTP_URL)
  @WithDefault("https://webexapis.com/v1")
  URI baseUrl();

  /** Certificates to trust there instead of the system's; PEM. */
  @Must(Rule.CERTIFICATES)
  Optional<Path> caFile();

  /** The HTTP proxy in front of it. */
  @Must(Rule.PROXY)
  Optional<URI> proxy();

  /** An access token that somebody else renews. */
  @Must(Rule.SECRET)
  Optional<SecretValue> accessToken();

  /** The file that holds it. */
  @Must(Rule.SECRET_FILE)
  Optional<Path> accessTokenFile();

  /** The integration's or service app's client id. */
  @Must(Rule.SECRET)
  Optional<SecretValue> clientId();

  /** The file that holds it. */
  @Must(Rule.SECRET_FILE)
  Optional<Path> clientIdFile();

  /** Its secret. */
  @Must(Rule.SECRET)
  Optional<SecretValue> clientSecret();

  /** The file that holds it. */
  @Must(Rule.SECRET_FILE)
  Optional<Path> clientSecretFile();

  /** What access tokens are fetched with. */
  @Must(Rule.SECRET)
  Optional<SecretValue> refreshToken();

  /** The file that holds it. */
  @Must(Rule.SECRET_FILE)
  Optional<Path> refreshTokenFile();

  /** The org of an app-decommissioned event that names none. */
  @Must(Rule.NAME)
  Optional<OrgId> defaultOrgId();

  /** Requests in flight at any time. */
  @Must(Rule.COUNT)
  @WithDefault("64")
  int maxConcurrency();

  /** A ceiling below what the API would allow. */
  @Must(Rule.RATE)
  OptionalDouble maxRequestsPerSecond();

  /** How long one request may take, its answer's last byte included. */
  @Must(Rule.DURATION)
  @WithDefault("10s")
  Duration requestTimeout();

  /** How long making a connection may take. */
  @Must(Rule.DURATION)
  @WithDefault("5s")
  Duration connectTimeout();

  /** Failed attempts after which a request ends, while the API is otherwise healthy. */
  @Must(Rule.COUNT)
  @WithDefault("8")
  int maxAttempts();

  /** Time spent failing after which a request ends, while the API is otherwise healthy. */
  @Must(Rule.DURATION)
  @WithDefault("2m")
  Duration maxEventTime();
}
