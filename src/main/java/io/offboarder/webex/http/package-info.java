/** The wire: one HTTP exchange with the API, and what its bytes say. */
@NullMarked
package io.offboarder.webex.http;

import org.jspecify.annotations.NullMarked;
