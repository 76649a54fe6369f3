package io.offboarder.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of an event's envelope, as texts, as far as they could be read. An understood
 * event has an id and a type.
 *
 * @param id CloudEvents {@code id}
 * @param type CloudEvents {@code type}
 * @param source CloudEvents {@code source}
 * @param time CloudEvents {@code time}, RFC 3339, as it came
 * @param occurredAt the same as an instant; null where it is none
 * @param trace the trace that the event is a part of
 */
public record EventAttributes(
    @Nullable String id,
    @Nullable String type,
    @Nullable String source,
    @Nullable String time,
    @Nullable Instant occurredAt,
    TraceContext trace) {

  /** Nothing could be read. */
  public static final EventAttributes UNKNOWN =
      new EventAttributes(null, null, null, null, null, TraceContext.NONE);
}
