/** The thread that the client of the API is confined to, and its time. */
@NullMarked
package io.offboarder.webex.loop;

import org.jspecify.annotations.NullMarked;
