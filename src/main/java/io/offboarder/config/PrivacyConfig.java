package io.offboarder.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How people are named in logs and outcomes. Checked: where pseudonyms are asked for, there is a
 * key. Immutable.
 */
public interface PrivacyConfig {
  /** The file with the key that pseudonyms are made with. */
  @Must(Rule.KEY_FILE)
  Optional<Path> keyFile();

  /** Whether log lines name people by pseudonym. */
  @Must(Rule.BOOLEAN)
  @WithDefault("false")
  boolean logs();

  /** Whether outcomes name people by pseudonym. */
  @Must(Rule.BOOLEAN)
  @WithDefault("false")
  boolean outcomes();
}
