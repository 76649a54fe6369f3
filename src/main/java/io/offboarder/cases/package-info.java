/**
 * What waits: events that are to be done later, second looks, and rescinds, which have to meet what
 * they take back. Reads and writes the records of the cases' topic and answers what is waiting for
 * whom; does nothing about it.
 */
@NullMarked
package io.offboarder.cases;

import org.jspecify.annotations.NullMarked;
