/**
 * May this event be acted on, and now? Pure: an event, settings and a time in, a decision out.
 * Knows what an event is; asks nobody and keeps nothing.
 */
@NullMarked
package io.offboarder.policy;

import org.jspecify.annotations.NullMarked;
