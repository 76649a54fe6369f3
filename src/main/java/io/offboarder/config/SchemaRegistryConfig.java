package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.CERTIFICATES;
import static io.offboarder.config.ValueConstraint.HTTP_URL;
import static io.offboarder.config.ValueConstraint.NAME;
import static io.offboarder.config.ValueConstraint.PROXY;
import static io.offboarder.config.ValueConstraint.SECRET;
import static io.offboarder.config.ValueConstraint.SECRET_FILE;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the schemas are that records were written by. Checked: a user has a password, there is a
 * password or a token but not both, each in place or in a file, and neither goes over plain http to
 * another machine.
 *
 * @param url of the registry's REST interface; none: no record needs one
 * @param user who asks
 * @param password the user's
 * @param token what is presented instead of a user
 * @param caFile certificates to trust there instead of the system's; PEM
 * @param proxy the HTTP proxy in front of it
 */
public record SchemaRegistryConfig(
    @Constraint(HTTP_URL) Optional<URI> url,
    @Constraint(NAME) Optional<String> user,
    @Constraint(SECRET) Optional<SecretValue> password,
    @Constraint(SECRET_FILE) Optional<Path> passwordFile,
    @Constraint(SECRET) Optional<SecretValue> token,
    @Constraint(SECRET_FILE) Optional<Path> tokenFile,
    @Constraint(CERTIFICATES) Optional<Path> caFile,
    @Constraint(PROXY) Optional<URI> proxy) {
  static final String PREFIX = OffboarderConfig.PREFIX + ".schema-registry";
}
