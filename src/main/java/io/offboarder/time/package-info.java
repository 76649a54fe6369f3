/** Dates and times as systems in the field print them. Knows no other room. */
@NullMarked
package io.offboarder.time;

import org.jspecify.annotations.NullMarked;
