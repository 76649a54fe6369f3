/**
 * How many people and apps may be touched within a time, as one bound for a whole group of
 * instances: a pure state machine, fed with what all of them are about to do, in one order.
 */
@NullMarked
package io.offboarder.guard;

import org.jspecify.annotations.NullMarked;
