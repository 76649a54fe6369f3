package io.offboarder.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.Fault;
import io.offboarder.sandbox.Fault.Effect;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.service.ServiceListener;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("The trace of an event")
class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String TRACEPARENT = "00-" + TRACE + "-" + PARENT + "-01";
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("offboarder.api.attempt");

  private static final Vertx VERTX = Vertx.vertx();
  private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();
  private static final LogLines LOG = new LogLines();
  private static final Logger OURS = (Logger) LoggerFactory.getLogger("io.offboarder");
  private static final Level USUAL = OURS.getLevel();
  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();
  private static WebexSandbox sandbox;
  private static Company company;

  @BeforeAll
  static void start() {
    sandbox = WebexSandbox.start(VERTX, SandboxSettings.defaults()).await();
    company = Company.on(BROKER.bootstrapServers(), "traced");
    OURS.setLevel(Level.DEBUG);
    OURS.addAppender(LOG);
    LOG.start();
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(SPANS))
                    .build())
            .build();
    VERTX
        .deployVerticle(
            new OffboardingVerticle(
                company.service(sandbox, Map.of()),
                Clock.systemUTC(),
                ServiceListener.NONE,
                new Tracing(sdk)))
        .await();
  }

  @AfterAll
  static void stop() {
    VERTX.close().await();
    OURS.detachAppender(LOG);
    OURS.setLevel(USUAL);
  }

  @AfterEach
  void forget() {
    SPANS.reset();
    LOG.lines.clear();
  }

  @Test
  @DisplayName("is the one that the record came with: event, requests, outcome and log lines")
  void whole() {
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    SandboxAuthorization one = sandbox.authorize(ann, sandbox.newApp("Slides"), 1).get(0);
    sandbox.script(Fault.of(Effect.Status.of(503)).on(Operation.LIST).times(1));

    Map<String, String> outcome =
        outcomeOf(
            plain("e1", ann.email()), Map.of("traceparent", TRACEPARENT, "tracestate", "a=b"));

    SpanData event = event();
    assertThat(event.getTraceId()).isEqualTo(TRACE);
    assertThat(event.getParentSpanId()).isEqualTo(PARENT);
    assertThat(event.getParentSpanContext().isRemote()).isTrue();
    assertThat(event.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(event.getName()).isEqualTo("process " + company.terminated());
    assertThat(event.getAttributes().asMap())
        .containsEntry(AttributeKey.stringKey("offboarder.event.kind"), "user_terminated")
        .containsEntry(AttributeKey.stringKey("offboarder.outcome.status"), "revoked")
        .containsEntry(AttributeKey.stringKey("offboarder.outcome.id"), outcome.get("ce_id"));
    assertThat(outcome)
        .containsEntry("traceparent", "00-" + TRACE + "-" + event.getSpanId() + "-01")
        .containsEntry("tracestate", "a=b");

    List<SpanData> requests = requests();
    assertThat(requests)
        .allSatisfy(
            request -> {
              assertThat(request.getParentSpanId()).isEqualTo(event.getSpanId());
              assertThat(request.getTraceId()).isEqualTo(TRACE);
              assertThat(request.getKind()).isEqualTo(SpanKind.CLIENT);
            });
    assertThat(requests.stream().map(TracingTest::told))
        .containsExactly(
            "webex list 503 #1", "webex list 200 #2", "webex delete 204 #1", "webex list 200 #1");
    assertThat(requests.get(0).getStatus()).isEqualTo(StatusData.error());

    assertThat(LOG.lines)
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("trace=\"" + TRACE + "\"")
                    .contains("Event e1 about ann@example.com in trace " + TRACE + ": "));
    assertThat(SPANS.getFinishedSpanItems().toString())
        .doesNotContain("ann@", "ann%40", ann.id(), one.id(), "sandbox-access-token");
  }

  @Test
  @DisplayName("may come as an attribute of the event, in each of its forms")
  void attributes() {
    ObjectNode structured = plain("e2", "nobody@example.com").put("specversion", "1.0");
    outcomeOf(
        structured.put("traceparent", TRACEPARENT),
        Map.of("content-type", "application/cloudevents+json"));
    assertThat(event().getParentSpanId()).isEqualTo(PARENT);

    SPANS.reset();
    outcomeOf(plain("e3", "nobody@example.com").put("traceparent", TRACEPARENT), Map.of());
    assertThat(event().getParentSpanId()).isEqualTo(PARENT);

    SPANS.reset();
    Map<String, String> binary =
        Map.of(
            "ce_specversion", "1.0",
            "ce_id", "e4",
            "ce_type", "user-terminated",
            "ce_source", "/hr",
            "ce_traceparent", TRACEPARENT);
    outcomeOf((ObjectNode) plain("", "nobody@example.com").get("data"), binary);
    assertThat(event().getParentSpanId()).isEqualTo(PARENT);
    assertThat(event().getStatus()).isEqualTo(StatusData.error());
  }

  @Test
  @DisplayName("is the last hop's, where the event names another")
  void lastHop() {
    ObjectNode event = plain("e5", "nobody@example.com");
    event.put("traceparent", "00-11111111111111111111111111111111-2222222222222222-01");

    outcomeOf(event, Map.of("traceparent", TRACEPARENT));

    assertThat(event().getTraceId()).isEqualTo(TRACE);
  }

  @Test
  @DisplayName("begins here where there was none, or none that can be read")
  void root() {
    for (String traceparent : List.of("", "00-xyz", "é".repeat(60))) {
      SPANS.reset();
      ObjectNode event = plain("e6", "nobody@example.com").put("traceparent", 7);
      Map<String, String> outcome = outcomeOf(event, Map.of("traceparent", traceparent));

      assertThat(event().getParentSpanId()).isEqualTo(SpanId.getInvalid());
      assertThat(outcome.get("traceparent")).contains(event().getTraceId());
      assertThat(event().getAttributes().get(AttributeKey.stringKey("error.type")))
          .isEqualTo("not_found");
    }
  }

  @Test
  @DisplayName("is kept of an event that was not understood, too")
  void rejected() {
    ObjectNode event = plain("e7", "not an address").put("traceparent", TRACEPARENT);

    Map<String, String> outcome = outcomeOf(event, Map.of());

    assertThat(outcome.get("traceparent")).contains(TRACE);
    assertThat(event().getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("invalid_value");
    assertThat(requests()).isEmpty();
  }

  private static ObjectNode plain(String id, String email) {
    return Company.event(id, "user-terminated", Map.of("personEmail", email));
  }

  /** Publishes one event, waits for its outcome, and returns that one's headers. */
  private Map<String, String> outcomeOf(ObjectNode event, Map<String, String> headers) {
    int before = company.topics().committed(company.outcomes()).size();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(company.terminated(), 0, null, event.toString().getBytes(UTF_8));
    headers.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    company.topics().publish(List.of(record));
    ConsumerRecord<byte[], byte[]> outcome =
        company.awaitOutcomeRecords(before + 1).stream()
            .max(
                Comparator.comparingLong(
                    one -> Company.json(one.value()).at("/event/offset").asLong()))
            .orElseThrow();
    Map<String, String> found = new java.util.HashMap<>();
    for (Header header : outcome.headers()) {
      found.put(header.key(), new String(header.value(), UTF_8));
    }
    return found;
  }

  private static SpanData event() {
    List<SpanData> events =
        SPANS.getFinishedSpanItems().stream()
            .filter(span -> span.getKind() == SpanKind.CONSUMER)
            .toList();
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  private static List<SpanData> requests() {
    return SPANS.getFinishedSpanItems().stream()
        .filter(span -> span.getKind() == SpanKind.CLIENT)
        .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
        .toList();
  }

  private static String told(SpanData request) {
    return request.getName()
        + " "
        + request.getAttributes().get(STATUS)
        + " #"
        + request.getAttributes().get(ATTEMPT);
  }

  /** The lines about events, with their keys. */
  private static final class LogLines extends AppenderBase<ILoggingEvent> {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getFormattedMessage().startsWith("Event ")) {
        lines.add(event.getFormattedMessage() + " " + event.getKeyValuePairs());
      }
    }
  }
}
