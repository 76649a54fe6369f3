package io.offboarder.service;

import io.offboarder.revocation.Outcome;
import io.offboarder.webex.gate.GateListener;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Operation;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event's part of a trace. Told of each request to the API that was made for the event. Must be
 * quick and must not throw. The trace of an event that another instance takes over has no end here.
 */
public interface EventTrace extends GateListener {

  /** No trace. */
  EventTrace NONE =
      new EventTrace() {
        @Override
        public @Nullable String traceId() {
          return null;
        }

        @Override
        public Map<String, String> headers() {
          return Map.of();
        }

        @Override
        public void attempted(Operation operation, HttpStatus status, int attempt, Duration took) {}

        @Override
        public void ended(Outcome outcome) {}
      };

  /** The id that everybody in the trace knows it by; null where there is no trace. */
  @Nullable String traceId();

  /** The headers that pass the trace on with the outcome. */
  Map<String, String> headers();

  /** The event ended. On the service's event loop. */
  void ended(Outcome outcome);
}
