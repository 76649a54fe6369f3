/**
 * The Webex Authorizations API: a client, its credentials, and the one gate that every request
 * passes.
 */
@NullMarked
package io.offboarder.webex;

import org.jspecify.annotations.NullMarked;
