package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.NAME;
import static io.offboarder.config.ValueConstraint.PORT;

/**
 * Where health, readiness and metrics are served.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 takes a free one
 */
public record HttpConfig(
    @Constraint(value = NAME, byDefault = "127.0.0.1") String host,
    @Constraint(value = PORT, byDefault = "8080") int port) {
  static final String PREFIX = OffboarderConfig.PREFIX + ".http";
}
