package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.BOOLEAN;

/**
 * The journal of what is about to be deleted.
 *
 * @param enabled whether there is one
 */
public record JournalConfig(@Constraint(value = BOOLEAN, byDefault = "true") boolean enabled) {}
