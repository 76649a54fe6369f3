package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.BOOLEAN;
import static io.offboarder.config.ValueConstraint.DURATION;

import java.time.Duration;

/**
 * Whose word it takes to release or discard what is held; the same for all instances of a group.
 *
 * @param twoPeople whether it takes two people's
 * @param expiresAfter how long the first one's word waits for the second one's
 */
public record ApprovalConfig(
    @Constraint(value = BOOLEAN, byDefault = "false") boolean twoPeople,
    @Constraint(value = DURATION, byDefault = "4h") Duration expiresAfter) {}
