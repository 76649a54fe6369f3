package io.offboarder;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.revocation.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A log line as JSON")
class EcsLogEncoderTest {
  private final LoggerContext context = context();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @Test
  @DisplayName("has event, subject and trace as fields, beside those of the Elastic Common Schema")
  void fields() throws IOException {
    JsonNode line = lineOf(new EventLog("e\"1\n", "ann@example.com", "4bf9"), null);
    assertThat(line.path("event").asText()).isEqualTo("e\"1\n");
    assertThat(line.path("subject").asText()).isEqualTo("ann@example.com");
    assertThat(line.path("trace").asText()).isEqualTo("4bf9");
    assertThat(line.path("log.level").asText()).isEqualTo("WARN");
    assertThat(line.path("log.logger").asText()).isEqualTo("io.offboarder.X");
    assertThat(line.path("service.name").asText()).isEqualTo("offboarder");
    assertThat(line.path("ecs.version").asText()).isNotEmpty();
    assertThat(line.path("message").asText()).contains("Event e\"1").endsWith("revoked 3");
    assertThat(Instant.parse(line.path("@timestamp").asText()))
        .isBefore(Instant.now().plusMillis(1));
    assertThat(line.fieldNames())
        .toIterable()
        .as("names that a store could take for another member of an object")
        .noneMatch(name -> name.startsWith("event.") || name.startsWith("trace."));
  }

  @Test
  @DisplayName("has no field for what its event does not say, and takes a stack trace in")
  void missing() throws IOException {
    JsonNode line = lineOf(new EventLog("e1", null, null), new IOException("of ours"));
    assertThat(line.has("subject")).isFalse();
    assertThat(line.has("trace")).isFalse();
    assertThat(line.path("error.message").asText()).isEqualTo("of ours");
    assertThat(line.path("error.stack_trace").asText()).contains("EcsLogEncoderTest");
  }

  private static LoggerContext context() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    return context;
  }

  private JsonNode lineOf(EventLog log, @Nullable Throwable fault) throws IOException {
    lines.setContext(context);
    lines.start();
    var logger = context.getLogger("io.offboarder.X");
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
    if (fault == null) {
      log.line(logger, org.slf4j.event.Level.WARN, "revoked {}", 3);
    } else {
      log.fault(logger, fault);
    }
    EcsLogEncoder encoder = new EcsLogEncoder();
    encoder.setContext(context);
    encoder.start();
    ILoggingEvent line = lines.list.get(0);
    assertThat(line.getKeyValuePairs()).extracting(one -> one.key).contains("event");
    String json = new String(encoder.encode(line), StandardCharsets.UTF_8);
    assertThat(json).endsWith("}\n");
    assertThat(json.strip()).doesNotContain("\n");
    return new JsonMapper().readTree(json);
  }
}
