/**
 * What came in: the events this service understands, and what is wrong with those it does not.
 * Knows no other room.
 */
@NullMarked
package io.offboarder.event;

import org.jspecify.annotations.NullMarked;
