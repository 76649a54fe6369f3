/** The one way to the API: which request goes out when, and what becomes of one that fails. */
@NullMarked
package io.offboarder.webex.gate;

import org.jspecify.annotations.NullMarked;
