/** The Webex Authorizations API as the rest of the program sees it: its operations and its data. */
@NullMarked
package io.offboarder.webex;

import org.jspecify.annotations.NullMarked;
