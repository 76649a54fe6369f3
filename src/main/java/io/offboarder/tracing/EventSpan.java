package io.offboarder.tracing;

import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.service.EventTrace;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Operation;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * One event's span. Requests are reported when they have ended, so their spans are made whole, from
 * then backwards.
 */
record EventSpan(Tracer tracer, Span span) implements EventTrace {
  private static final String NO_ANSWER = "no_answer";

  @Override
  public String traceId() {
    return span.getSpanContext().getTraceId();
  }

  @Override
  public Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    W3CTraceContextPropagator.getInstance()
        .inject(
            Context.root().with(span),
            headers,
            (map, name, value) -> Objects.requireNonNull(map).put(name, value));
    return headers;
  }

  @Override
  public void attempted(Operation operation, HttpStatus status, int attempt, Duration took) {
    Instant end = Instant.now();
    SpanBuilder builder =
        tracer
            .spanBuilder("webex " + operation.name().toLowerCase(Locale.ROOT))
            .setParent(Context.root().with(span))
            .setSpanKind(SpanKind.CLIENT)
            .setStartTimestamp(end.minus(took))
            .setAttribute("offboarder.api.operation", operation.name().toLowerCase(Locale.ROOT))
            .setAttribute("offboarder.api.attempt", attempt);
    if (status.isAnswer()) {
      builder.setAttribute("http.response.status_code", status.code());
    }
    Span request = builder.startSpan();
    if (!status.isAnswer() || status.code() >= 400) {
      request.setStatus(StatusCode.ERROR);
      request.setAttribute("error.type", status.isAnswer() ? status.toString() : NO_ANSWER);
    }
    request.end(end);
  }

  @Override
  public void ended(Outcome outcome) {
    span.setAttribute("offboarder.outcome.id", outcome.id());
    span.setAttribute("offboarder.outcome.status", outcome.status().toString());
    span.setAttribute("offboarder.outcome.authorizations", outcome.authorizations().size());
    Problem problem = outcome.error();
    if (problem != null) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute("error.type", problem.code());
    }
    span.end();
  }
}
