/** Text that others wrote, made fit to be shown. Knows nobody. */
@NullMarked
package io.offboarder.text;

import org.jspecify.annotations.NullMarked;
