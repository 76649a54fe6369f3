package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.CERTIFICATES;
import static io.offboarder.config.ValueConstraint.NAME;
import static io.offboarder.config.ValueConstraint.PORT;
import static io.offboarder.config.ValueConstraint.PRIVATE_KEY;
import static io.offboarder.config.ValueConstraint.SECRET;
import static io.offboarder.config.ValueConstraint.SECRET_FILE;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where health, readiness and metrics are served, and to whom. Checked: certificate and key come
 * together, and the token either in place or in a file.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 takes a free one
 * @param tlsCertificateFile the server's certificate chain, PEM; plain HTTP without it
 * @param tlsKeyFile its private key, PKCS #8 in PEM
 * @param token what requests have to carry to see more than a status
 */
public record HttpConfig(
    @Constraint(value = NAME, byDefault = "127.0.0.1") String host,
    @Constraint(value = PORT, byDefault = "8080") int port,
    @Constraint(CERTIFICATES) Optional<Path> tlsCertificateFile,
    @Constraint(PRIVATE_KEY) Optional<Path> tlsKeyFile,
    @Constraint(SECRET) Optional<SecretValue> token,
    @Constraint(SECRET_FILE) Optional<Path> tokenFile) {
  static final String PREFIX = OffboarderConfig.PREFIX + ".http";
}
