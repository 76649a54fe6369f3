/** What the service proves itself with: secrets, and the access token made from them. */
@NullMarked
package io.offboarder.webex.credentials;

import org.jspecify.annotations.NullMarked;
