package io.offboarder.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * All settings, complete and checked. {@code docs/CONFIGURATION.md} says what each means.
 * Immutable.
 */
@ConfigMapping(prefix = OffboarderConfig.PREFIX)
public interface OffboarderConfig {
  /** What every setting's name begins with. */
  String PREFIX = "offboarder";

  /** The stable name of this instance; the host's name unless it is set. */
  @Must(Rule.NAME)
  String instanceId();

  /** How long an orderly stop may take. */
  @Must(Rule.DURATION)
  @WithDefault("25s")
  Duration shutdownTimeout();

  /** How to reach Kafka, and which topics. */
  KafkaConfig kafka();

  /** How to reach the Webex API. */
  WebexConfig webex();

  /** Where health and metrics are served. */
  HttpConfig http();

  /** How people are named in logs and outcomes. */
  PrivacyConfig privacy();

  /** The bounds of the stream. */
  StreamConfig stream();
}
