package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.BOOLEAN;
import static io.offboarder.config.ValueConstraint.KEY_FILE;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How people are named in logs and outcomes. Checked: where pseudonyms are asked for, there is a
 * key.
 *
 * @param keyFile the file with the key that pseudonyms are made with
 * @param logs whether log lines name people by pseudonym
 * @param outcomes whether outcomes name people by pseudonym
 */
public record PrivacyConfig(
    @Constraint(KEY_FILE) Optional<Path> keyFile,
    @Constraint(value = BOOLEAN, byDefault = "false") boolean logs,
    @Constraint(value = BOOLEAN, byDefault = "false") boolean outcomes) {
  static final String PREFIX = OffboarderConfig.PREFIX + ".privacy";
}
