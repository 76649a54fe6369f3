/** A port that strangers reach: its certificate, and how many connections they may hold. */
@NullMarked
package io.offboarder.port;

import org.jspecify.annotations.NullMarked;
