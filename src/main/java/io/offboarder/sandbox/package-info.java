/** A faithful Webex Authorizations API to try, test and demonstrate against. */
@NullMarked
package io.offboarder.sandbox;

import org.jspecify.annotations.NullMarked;
