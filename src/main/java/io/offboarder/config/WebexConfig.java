package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.CERTIFICATES;
import static io.offboarder.config.ValueConstraint.COUNT;
import static io.offboarder.config.ValueConstraint.DURATION;
import static io.offboarder.config.ValueConstraint.HTTP_URL;
import static io.offboarder.config.ValueConstraint.NAME;
import static io.offboarder.config.ValueConstraint.PLAIN_HTTP;
import static io.offboarder.config.ValueConstraint.PROXY;
import static io.offboarder.config.ValueConstraint.RATE;
import static io.offboarder.config.ValueConstraint.SECRET;
import static io.offboarder.config.ValueConstraint.SECRET_FILE;
import static io.offboarder.config.ValueConstraint.SIZE;
import static io.offboarder.config.ValueConstraint.STATE_FILE;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach the Webex API. Checked: there is either an access token, or a client id, a client
 * secret and a refresh token; each in place or in a file, never both.
 *
 * @param baseUrl the API's address
 * @param allowPlainHttp that a base URL beyond this machine may be plain http
 * @param caFile certificates to trust there instead of the system's; PEM
 * @param proxy the HTTP proxy in front of it
 * @param accessToken an access token that somebody else renews
 * @param clientId the integration's or service app's client id
 * @param clientSecret its secret
 * @param refreshToken what access tokens are fetched with
 * @param refreshTokenStateFile where a refresh token that the API returned is kept
 * @param defaultOrgId the org of an app-decommissioned event that names none
 * @param maxConcurrency requests in flight at any time
 * @param maxRequestsPerSecond a ceiling below what the API would allow
 * @param maxResponseBytes where an answer's body is cut
 * @param maxListItems the most authorizations that are taken from one list
 * @param maxAuthorizationsInMemory the most authorizations that all events together hold; absent
 *     for as many as the heap allows
 * @param requestTimeout how long one request may take, its answer's last byte included
 * @param connectTimeout how long making a connection may take
 * @param maxAttempts failed attempts after which a request ends, while the API is otherwise healthy
 * @param maxEventTime time spent failing after which a request ends, while the API is otherwise
 *     healthy
 * @param maxProbeInterval the longest time between two requests that ask whether trouble is over
 */
public record WebexConfig(
    @Constraint(value = HTTP_URL, byDefault = "https://webexapis.com/v1") URI baseUrl,
    @Constraint(PLAIN_HTTP) Optional<String> allowPlainHttp,
    @Constraint(CERTIFICATES) Optional<Path> caFile,
    @Constraint(PROXY) Optional<URI> proxy,
    @Constraint(SECRET) Optional<SecretValue> accessToken,
    @Constraint(SECRET_FILE) Optional<Path> accessTokenFile,
    @Constraint(SECRET) Optional<SecretValue> clientId,
    @Constraint(SECRET_FILE) Optional<Path> clientIdFile,
    @Constraint(SECRET) Optional<SecretValue> clientSecret,
    @Constraint(SECRET_FILE) Optional<Path> clientSecretFile,
    @Constraint(SECRET) Optional<SecretValue> refreshToken,
    @Constraint(SECRET_FILE) Optional<Path> refreshTokenFile,
    @Constraint(STATE_FILE) Optional<Path> refreshTokenStateFile,
    @Constraint(NAME) Optional<String> defaultOrgId,
    @Constraint(value = COUNT, byDefault = "64") int maxConcurrency,
    @Constraint(RATE) Optional<Double> maxRequestsPerSecond,
    @Constraint(value = SIZE, byDefault = "8MiB") ByteSize maxResponseBytes,
    @Constraint(value = COUNT, byDefault = "10000") int maxListItems,
    @Constraint(COUNT) Optional<Integer> maxAuthorizationsInMemory,
    @Constraint(value = DURATION, byDefault = "10s") Duration requestTimeout,
    @Constraint(value = DURATION, byDefault = "5s") Duration connectTimeout,
    @Constraint(value = COUNT, byDefault = "8") int maxAttempts,
    @Constraint(value = DURATION, byDefault = "2m") Duration maxEventTime,
    @Constraint(value = DURATION, byDefault = "5s") Duration maxProbeInterval) {}
