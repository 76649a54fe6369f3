package io.offboarder.revocation;

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

  /** A line about the event. */
  public LoggingEventBuilder at(Logger log, Level level) {
    LoggingEventBuilder line =
        log.atLevel(level).addKeyValue("event", event).addKeyValue("subject", subject);
    return traceId == null ? line : line.addKeyValue("traceId", traceId);
  }
}
