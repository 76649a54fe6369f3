package io.offboarder.service;

import io.offboarder.event.EventType;
import io.offboarder.event.TraceContext;
import io.offboarder.revocation.RecordCoordinates;
import org.jspecify.annotations.Nullable;

/** Follows events through the service. */
@FunctionalInterface
public interface EventTracing extends AutoCloseable {

  /** Follows none. */
  EventTracing NONE = (type, parent, coordinates) -> EventTrace.NONE;

  /**
   * An event was read. Called on the Kafka thread: must be quick and must not throw.
   *
   * @param type what kind of event it is; null where it was not understood
   */
  EventTrace begin(@Nullable EventType type, TraceContext parent, RecordCoordinates coordinates);

  /** Lets go of what was followed, to wherever it is collected. May take a moment. */
  @Override
  default void close() {}
}
