/** Webex's REST ids, in whichever form systems write them. */
@NullMarked
package io.offboarder.id;

import org.jspecify.annotations.NullMarked;
