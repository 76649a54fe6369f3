/** Traces of events, for OpenTelemetry; on where its usual variables ask for it. */
@NullMarked
package io.offboarder.tracing;

import org.jspecify.annotations.NullMarked;
