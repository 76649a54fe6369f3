package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.BOOLEAN;
import static io.offboarder.config.ValueConstraint.DURATION;
import static io.offboarder.config.ValueConstraint.LIMIT;

import java.time.Duration;

/**
 * How many people and apps may be touched within a time, by the whole group; the same for all of
 * its instances.
 *
 * @param terminations people; 0 for any number
 * @param decommissions apps; 0 for any number
 * @param window how far back is counted
 * @param perOrg whether each org is counted for itself
 */
public record GuardConfig(
    @Constraint(value = LIMIT, byDefault = "500") int terminations,
    @Constraint(value = LIMIT, byDefault = "10") int decommissions,
    @Constraint(value = DURATION, byDefault = "1h") Duration window,
    @Constraint(value = BOOLEAN, byDefault = "false") boolean perOrg) {}
