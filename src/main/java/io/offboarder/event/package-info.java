/**
 * What came in: the events this service understands, and what is wrong with those it does not.
 * Knows how others write ids and moments.
 */
@NullMarked
package io.offboarder.event;

import org.jspecify.annotations.NullMarked;
