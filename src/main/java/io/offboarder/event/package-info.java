/** What came in: the events this service understands, and what is wrong with those it does not. */
@NullMarked
package io.offboarder.event;

import org.jspecify.annotations.NullMarked;
