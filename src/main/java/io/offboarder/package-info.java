/** The entry point of Offboarder. */
@NullMarked
package io.offboarder;

import org.jspecify.annotations.NullMarked;
