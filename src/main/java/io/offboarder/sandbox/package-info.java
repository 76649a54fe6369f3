/**
 * A faithful Webex Authorizations API to try, test and demonstrate against, over real HTTP. What
 * Cisco's documentation does not settle is a choice, and stands in {@link
 * io.offboarder.sandbox.SandboxChoices}. Knows no other room.
 */
@NullMarked
package io.offboarder.sandbox;

import org.jspecify.annotations.NullMarked;
