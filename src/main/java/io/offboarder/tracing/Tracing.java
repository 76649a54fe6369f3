package io.offboarder.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.event.EventType;
import io.offboarder.event.TraceContext;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.service.EventTrace;
import io.offboarder.service.EventTracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Makes a span of each event, a child of the one that the event came with, and below it a span of
 * each request to the API. What is in a span is ours to choose and names nobody: no id or address
 * of a person, no URL, no word of a sender or the API. {@code docs/TRACING.md} lists it.
 * Thread-safe.
 */
public final class Tracing implements EventTracing {
  private static final String NAME = "io.offboarder";
  private static final String RESOURCE = "otel.resource.attributes";
  private static final Duration CLOSING = Duration.ofSeconds(3);
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name",
          "offboarder",
          "otel.exporter.otlp.protocol",
          "http/protobuf",
          // Names instances by random ids, and warns of any other name.
          "otel.java.disabled.resource.providers",
          "io.opentelemetry.sdk.autoconfigure.ServiceInstanceIdResourceProvider");

  /**
   * OpenTelemetry's own log: that a collector is away, say. The reference keeps it as it is set.
   */
  private static final Logger SDK_LOG = Logger.getLogger("io.opentelemetry");

  private final OpenTelemetrySdk sdk;
  private final Tracer tracer;

  /** Traces through this SDK, which is closed with it. */
  Tracing(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
    this.tracer = sdk.getTracer(NAME);
  }

  /**
   * Tracing as OpenTelemetry's variables say; none where they say nothing of traces.
   *
   * @param environment where these are
   * @param instanceId the instance's name in traces
   * @throws IllegalArgumentException if a variable is wrong; the message says which
   */
  public static EventTracing by(Map<String, String> environment, String instanceId) {
    if (!isAskedFor(environment)) {
      return EventTracing.NONE;
    }
    logToOurs();
    try {
      return new Tracing(
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesSupplier(() -> DEFAULTS)
              .addPropertiesCustomizer(properties -> properties(environment, instanceId))
              .build()
              .getOpenTelemetrySdk());
    } catch (ConfigurationException | IllegalStateException e) {
      throw new IllegalArgumentException(masked(describe(e), environment));
    }
  }

  private static String describe(Throwable failure) {
    Throwable cause = failure.getCause();
    String message = String.valueOf(failure.getMessage());
    return cause == null ? message : message + ": " + describe(cause);
  }

  /** The headers that a collector asks for may hold a key to it. */
  private static String masked(String message, Map<String, String> environment) {
    String masked = message;
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (variable.getKey().startsWith("OTEL_")
          && variable.getKey().endsWith("HEADERS")
          && !variable.getValue().isBlank()) {
        masked = masked.replace(variable.getValue(), "***");
      }
    }
    return masked;
  }

  private static boolean isAskedFor(Map<String, String> environment) {
    String exporter = environment.getOrDefault("OTEL_TRACES_EXPORTER", "").strip();
    boolean target =
        Stream.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
            .anyMatch(name -> !environment.getOrDefault(name, "").isBlank());
    boolean disabled =
        environment.getOrDefault("OTEL_SDK_DISABLED", "").strip().equalsIgnoreCase("true");
    return !disabled && !exporter.equals("none") && (target || !exporter.isEmpty());
  }

  private static void logToOurs() {
    if (SDK_LOG.getHandlers().length == 0) {
      SDK_LOG.setUseParentHandlers(false);
      SDK_LOG.addHandler(new SLF4JBridgeHandler());
    }
  }

  /** OpenTelemetry's names for its own variables; metrics have another way out of here. */
  private static Map<String, String> properties(
      Map<String, String> environment, String instanceId) {
    Map<String, String> properties = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("OTEL_")) {
            properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    String named = URLEncoder.encode(instanceId, UTF_8).replace("+", "%20");
    properties.merge(
        RESOURCE, "service.instance.id=" + named, (theirs, ours) -> ours + "," + theirs);
    properties.put("otel.metrics.exporter", "none");
    properties.put("otel.logs.exporter", "none");
    return properties;
  }

  @Override
  public EventTrace begin(
      @Nullable EventType type, TraceContext parent, RecordCoordinates coordinates) {
    Context caller =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), parent, Headers.INSTANCE);
    Span span =
        tracer
            .spanBuilder("process " + coordinates.topic())
            .setParent(caller)
            .setSpanKind(SpanKind.CONSUMER)
            .setStartTimestamp(coordinates.receivedAt())
            .setAttribute("messaging.system", "kafka")
            .setAttribute("messaging.operation.name", "process")
            .setAttribute("messaging.operation.type", "process")
            .setAttribute("messaging.destination.name", coordinates.topic())
            .setAttribute(
                "messaging.destination.partition.id", Integer.toString(coordinates.partition()))
            .setAttribute("messaging.kafka.offset", coordinates.offset())
            .setAttribute(
                "offboarder.event.kind",
                type == null ? "unknown" : type.name().toLowerCase(Locale.ROOT))
            .startSpan();
    return new EventSpan(tracer, span);
  }

  /** Sends what is left, for as long as a stop may wait for that. */
  @Override
  public void close() {
    sdk.shutdown().join(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
  }

  private enum Headers implements TextMapGetter<TraceContext> {
    INSTANCE;

    @Override
    public @Nullable String get(@Nullable TraceContext parent, String name) {
      if (parent == null) {
        return null;
      }
      return name.equals(TraceContext.TRACEPARENT) ? parent.traceparent() : parent.tracestate();
    }
  }
}
