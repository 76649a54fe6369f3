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
 */
public record EventLog(@Nullable String event, @Nullable String subject) {

  /** A line about the event. */
  public LoggingEventBuilder at(Logger log, Level level) {
    return log.atLevel(level).addKeyValue("event", event).addKeyValue("subject", subject);
  }
}
