package io.offboarder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.offboarder.text.Printable;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log")
class LogLineTest {
  private static final String FORGED = "id\n2026-01-01T00:00:00.000Z ERROR \u001b[2J\u009b\u202e";

  @Test
  @DisplayName("as text is one line for each event, and two more for an exception")
  void text() {
    String lines = new LogLine().doLayout(event(new IllegalStateException(FORGED)));

    assertThat(lines.lines()).hasSize(3);
    assertThat(lines.lines())
        .allMatch(line -> line.replace("\t", "").codePoints().allMatch(Printable::isPrintable));
    assertThat(lines).startsWith("2026-11-23T09:00:00.000Z WARN  Somewhere - listed id 2026-01-01");
  }

  @Test
  @DisplayName("as JSON is one line for each event")
  void json() {
    EcsLogEncoder encoder = new EcsLogEncoder();
    encoder.setContext(new LoggerContext());
    encoder.start();

    String line = new String(encoder.encode(event(new IllegalStateException(FORGED))), UTF_8);

    assertThat(line).endsWith("\n");
    assertThat(line.stripTrailing().codePoints()).allMatch(Printable::isPrintable);
    assertThat(line).contains("\\u009b", "\\u202e");
  }

  private static ILoggingEvent event(Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent(
            "here",
            new LoggerContext().getLogger("io.offboarder.Somewhere"),
            Level.WARN,
            "listed {}",
            thrown,
            new Object[] {FORGED});
    event.setMDCPropertyMap(Map.of());
    event.setInstant(Instant.parse("2026-11-23T09:00:00Z"));
    return event;
  }
}
