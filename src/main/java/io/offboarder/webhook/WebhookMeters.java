package io.offboarder.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Counts requests by what became of them: of one endpoint, or of none. Thread-safe. */
final class WebhookMeters {
  private final Map<Result, Counter> counters = new EnumMap<>(Result.class);

  private WebhookMeters(MeterRegistry registry, String path, Set<Result> results) {
    for (Result each : results) {
      counters.put(
          each,
          Counter.builder("offboarder.webhook.requests")
              .description("Requests of other systems, by what became of them")
              .tag("endpoint", path)
              .tag("result", each.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  /** Of the endpoint at this path. */
  static WebhookMeters of(MeterRegistry registry, String path) {
    return new WebhookMeters(registry, path, EnumSet.complementOf(EnumSet.of(Result.NOT_FOUND)));
  }

  /** Of requests to paths that no endpoint has: counted together, because strangers choose them. */
  static WebhookMeters elsewhere(MeterRegistry registry) {
    return new WebhookMeters(registry, "none", EnumSet.of(Result.NOT_FOUND, Result.OVERLOADED));
  }

  /** What becomes of a request. */
  enum Result {
    /** Kafka has it. */
    ACCEPTED,
    /** It asked whether somebody listens. */
    GREETED,
    /** Nobody has shown to be its sender. */
    UNAUTHENTICATED,
    /** It is not what is expected here. */
    INVALID,
    /** It is larger than the settings or the topic allow. */
    TOO_LARGE,
    /** Its sender has sent too many. */
    THROTTLED,
    /** Kafka or the sender's keys could not be reached in time. */
    UNAVAILABLE,
    /** As many as may be were being worked on. */
    OVERLOADED,
    /** No endpoint has its path. */
    NOT_FOUND
  }

  void count(Result result) {
    Counter counter = counters.get(result);
    if (counter == null) {
      throw new IllegalArgumentException("requests to nowhere do not end as " + result);
    }
    counter.increment();
  }
}
