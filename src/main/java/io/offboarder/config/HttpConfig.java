package io.offboarder.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where health, readiness and metrics are served. Immutable. */
@ConfigMapping(prefix = HttpConfig.PREFIX)
public interface HttpConfig {
  /** What the names of these settings begin with. */
  String PREFIX = OffboarderConfig.PREFIX + ".http";

  /** The address to listen on. */
  @Must(Rule.NAME)
  @WithDefault("127.0.0.1")
  String host();

  /** The port to listen on; 0 takes a free one. */
  @Must(Rule.PORT)
  @WithDefault("8080")
  int port();
}
