package io.offboarder.revocation;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * How long a list may lag behind the deletes before what it shows is called live. Webex does not
 * say whether its lists lag; its systems are known to cache what was deleted "for a short while".
 *
 * @param pauses before each further look
 * @param timer completes when this long has passed
 */
record RelistBackoff(List<Duration> pauses, Function<Duration, Future<?>> timer) {

  /** Some fifteen seconds, in steps that double. */
  static RelistBackoff on(Vertx vertx) {
    return new RelistBackoff(
        List.of(
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8)),
        length -> vertx.timer(length.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** How long to wait after so many pauses; empty where there were enough. */
  Optional<Duration> pause(int before) {
    return before < pauses.size() ? Optional.of(pauses.get(before)) : Optional.empty();
  }

  /** Whether only one pause is left after so many. */
  boolean isLast(int before) {
    return before == pauses.size() - 1;
  }
}
