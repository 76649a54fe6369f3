package io.offboarder.webex.http;

import io.offboarder.webex.http.HttpSettings.Timeouts;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Ends exchanges that take too long. One timer looks at all that are under way, now and then: two
 * timers for each request, set and cancelled again, were a tenth of the event loop's time. Confined
 * to the loop.
 */
final class ExchangeTimeouts {
  /** How much later than it should a timeout may be noticed. */
  private static final Duration COARSEST = Duration.ofMillis(100);

  private final Vertx vertx;
  private final Timeouts timeouts;
  private final long everyMillis;

  /** As many as there are requests in flight. */
  private final Set<HttpExchange> open = new LinkedHashSet<>();

  private boolean looking;

  ExchangeTimeouts(Vertx vertx, Timeouts timeouts) {
    this.vertx = vertx;
    this.timeouts = timeouts;
    long shortest = Math.min(timeouts.response().toMillis(), timeouts.exchange().toMillis());
    this.everyMillis = Math.max(1, Math.min(COARSEST.toMillis(), shortest / 10));
  }

  /** Watches over an exchange from now until it is answered. */
  void watch(HttpExchange exchange) {
    open.add(exchange);
    exchange.answer().onComplete(done -> open.remove(exchange));
    if (!looking) {
      looking = true;
      vertx.setTimer(everyMillis, this::look);
    }
  }

  private void look(long timer) {
    long now = System.nanoTime();
    List.copyOf(open).forEach(exchange -> exchange.expire(now, timeouts));
    looking = !open.isEmpty();
    if (looking) {
      vertx.setTimer(everyMillis, this::look);
    }
  }
}
