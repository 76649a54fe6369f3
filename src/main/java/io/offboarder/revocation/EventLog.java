package io.offboarder.revocation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * How log lines name one event.
 *
 * @param event its id
 * @param subject whom it is about, perhaps by pseudonym
 * @param traceId the trace that it is part of; null where none is kept
 */
public record EventLog(@Nullable String event, @Nullable String subject, @Nullable String traceId) {

  /** Writes a line about the event, which names it in its words and, for machines, beside them. */
  public void line(Logger log, Level level, String message, @Nullable Object... arguments) {
    if (log.isEnabledForLevel(level)) {
      LoggingEventBuilder line = begin(log, level);
      for (Object argument : arguments) {
        line = line.addArgument(argument);
      }
      line.log(names() + message);
    }
  }

  /** Writes a line about a fault of this program that ended the event. */
  public void fault(Logger log, Throwable fault) {
    begin(log, Level.ERROR).setCause(fault).log(names() + "ended by a fault");
  }

  private String names() {
    return traceId == null ? "Event {} about {}: " : "Event {} about {} in trace {}: ";
  }

  private LoggingEventBuilder begin(Logger log, Level level) {
    LoggingEventBuilder line =
        log.atLevel(level)
            .addKeyValue("event", event)
            .addKeyValue("subject", subject)
            .addArgument(Objects.requireNonNullElse(event, "without an id"))
            .addArgument(Objects.requireNonNullElse(subject, "nobody known"));
    return traceId == null ? line : line.addKeyValue("trace", traceId).addArgument(traceId);
  }
}
