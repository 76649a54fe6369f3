package io.offboarder.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts the requests of one endpoint by what became of them. Thread-safe. */
final class WebhookMeters {
  private final Map<Result, Counter> counters = new EnumMap<>(Result.class);

  WebhookMeters(MeterRegistry registry, String path) {
    for (Result each : Result.values()) {
      counters.put(
          each,
          Counter.builder("offboarder.webhook.requests")
              .description("Requests of other systems, by what became of them")
              .tag("endpoint", path)
              .tag("result", each.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
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
    /** Kafka or the sender's keys could not be reached in time, or too many came at once. */
    UNAVAILABLE
  }

  void count(Result result) {
    counters.get(result).increment();
  }
}
