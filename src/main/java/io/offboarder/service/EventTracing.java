package io.offboarder.service;

import io.offboarder.event.TraceContext;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.service.ServiceListener.EventKind;

/** Follows events through the service. */
@FunctionalInterface
public interface EventTracing extends AutoCloseable {

  /** Follows none. */
  EventTracing NONE = (kind, parent, coordinates) -> EventTrace.NONE;

  /** An event was read. Called on the Kafka thread: must be quick and must not throw. */
  EventTrace begin(EventKind kind, TraceContext parent, RecordCoordinates coordinates);

  /** Lets go of what was followed, to wherever it is collected. May take a moment. */
  @Override
  default void close() {}
}
