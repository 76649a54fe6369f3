package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.CERTIFICATES;
import static io.offboarder.config.ValueConstraint.COUNT;
import static io.offboarder.config.ValueConstraint.DURATION;
import static io.offboarder.config.ValueConstraint.ENDPOINTS;
import static io.offboarder.config.ValueConstraint.NAME;
import static io.offboarder.config.ValueConstraint.PLAIN_WEBHOOKS;
import static io.offboarder.config.ValueConstraint.PORT;
import static io.offboarder.config.ValueConstraint.PRIVATE_KEY;
import static io.offboarder.config.ValueConstraint.SIZE;

import io.offboarder.webhook.Endpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where other systems' pushes come to. Read by the command that takes them alone: who revokes need
 * not have these secrets. Checked: certificate and key come together, plain HTTP to other machines
 * is accepted in words, topics are input topics, and tokens have somebody's keys and an audience.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes a free one
 * @param tlsCertificateFile the server's certificate chain, PEM
 * @param tlsKeyFile its private key, PKCS #8 in PEM
 * @param allowPlainHttp accepts in words that there is no TLS
 * @param maxBodyBytes the largest body
 * @param maxConcurrency how many requests are worked on at any time
 * @param maxConnections how many connections are open at any time
 * @param maxRequestsPerSecond how many requests of a known sender each endpoint takes
 * @param readTimeout how long a sender may take to send a request
 * @param publishTimeout how long Kafka may take to have it
 * @param endpoints the paths
 */
public record WebhooksConfig(
    @Constraint(value = NAME, byDefault = "127.0.0.1") String host,
    @Constraint(value = PORT, byDefault = "8443") int port,
    @Constraint(CERTIFICATES) Optional<Path> tlsCertificateFile,
    @Constraint(PRIVATE_KEY) Optional<Path> tlsKeyFile,
    @Constraint(PLAIN_WEBHOOKS) Optional<String> allowPlainHttp,
    @Constraint(value = SIZE, byDefault = "1MiB") ByteSize maxBodyBytes,
    @Constraint(value = COUNT, byDefault = "64") int maxConcurrency,
    @Constraint(value = COUNT, byDefault = "256") int maxConnections,
    @Constraint(value = COUNT, byDefault = "100") int maxRequestsPerSecond,
    @Constraint(value = DURATION, byDefault = "10s") Duration readTimeout,
    @Constraint(value = DURATION, byDefault = "6s") Duration publishTimeout,
    @Constraint(ENDPOINTS) Endpoints endpoints) {
  static final String PREFIX = OffboarderConfig.PREFIX + ".webhooks";
}
