package io.offboarder.tracing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offboarder.event.EventType;
import io.offboarder.event.TraceContext;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.service.EventTrace;
import io.offboarder.service.EventTracing;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Operation;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("OpenTelemetry's variables")
class OtelVariablesTest {
  private final Vertx vertx = Vertx.vertx();
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private Map<String, String> environment;

  @BeforeEach
  void listen() {
    HttpServer collector =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              received.add(
                                  request.path()
                                      + " "
                                      + request.getHeader("api-key")
                                      + " "
                                      + body.toString(ISO_8859_1));
                              request.response().end();
                            }))
            .listen(0, "127.0.0.1")
            .await();
    environment =
        new HashMap<>(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + collector.actualPort(),
                "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test-cell",
                "OTEL_EXPORTER_OTLP_HEADERS", "api-key=s3cret"));
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  @DisplayName("that name a collector send it everything before the end")
  void collector() {
    String traceId;
    try (EventTracing tracing = Tracing.by(environment, "instance 7, the last")) {
      EventTrace trace =
          tracing.begin(
              EventType.USER_TERMINATED,
              TraceContext.NONE,
              new RecordCoordinates("hr.user-terminated", 3, 42, 0, Instant.now()));
      trace.attempted(Operation.LIST, new HttpStatus(429), 1, Duration.ofMillis(5));
      traceId = trace.traceId();
    }
    assertThat(received).hasSize(1);
    assertThat(String.valueOf(received.peek()))
        .startsWith("/v1/traces s3cret ")
        .contains("webex list", "offboarder", "instance 7, the last", "test-cell")
        .contains(new String(HexFormat.of().parseHex(traceId), ISO_8859_1));
  }

  @Test
  @DisplayName("keep it off where they say nothing of traces, or say no")
  void off() {
    String endpoint = environment.get("OTEL_EXPORTER_OTLP_ENDPOINT");
    for (Map<String, String> none :
        List.of(
            Map.<String, String>of(),
            Map.of("OTEL_SERVICE_NAME", "x"),
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
            Map.of("OTEL_TRACES_EXPORTER", "none", "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
            Map.of("OTEL_SDK_DISABLED", "true", "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint))) {
      assertThat(Tracing.by(none, "i")).isSameAs(EventTracing.NONE);
    }
  }

  @Test
  @DisplayName("that are wrong are named, and what is secret in them is not")
  void wrong() {
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "s3cret without a name");
    assertThatThrownBy(() -> Tracing.by(environment, "i"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("otel.exporter.otlp.headers")
        .hasMessageNotContaining("s3cret");

    assertThatThrownBy(() -> Tracing.by(Map.of("OTEL_TRACES_EXPORTER", "zipkin2"), "i"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("zipkin2");

    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "");
    environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    assertThatThrownBy(() -> Tracing.by(environment, "i"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Grpc");
  }
}
