package io.offboarder.event;

import org.jspecify.annotations.Nullable;

/**
 * The trace that an event came with, as it came: W3C Trace Context, from the record's headers or
 * from CloudEvents' distributed tracing extension. Never a reason to reject an event.
 *
 * @param traceparent null where there was none
 * @param tracestate null where there was none
 */
public record TraceContext(@Nullable String traceparent, @Nullable String tracestate) {
  /** The name of the header and of the attribute. */
  public static final String TRACEPARENT = "traceparent";

  /** The name of the other. */
  public static final String TRACESTATE = "tracestate";

  /** No trace. */
  public static final TraceContext NONE = new TraceContext(null, null);
}
