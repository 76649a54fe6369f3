package io.offboarder.signature;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which security event tokens count.
 *
 * @param audience who they must be for; null: no token counts
 * @param maxAge how long before it reached Kafka a token may have been issued
 * @param maxWait how long it may then have waited in Kafka
 */
public record TokenSettings(@Nullable String audience, Duration maxAge, Duration maxWait) {

  /** No token counts. */
  public static final TokenSettings NONE =
      new TokenSettings(null, Duration.ofMinutes(10), Duration.ofDays(7));
}
