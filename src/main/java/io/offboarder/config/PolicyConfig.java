package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.BOOLEAN;
import static io.offboarder.config.ValueConstraint.DURATION;
import static io.offboarder.config.ValueConstraint.NAME;
import static io.offboarder.config.ValueConstraint.ZONE;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * What is decided about events.
 *
 * @param clockSkew how far ahead of this machine's clock an effectiveAt may be and still be now
 * @param zone where the day ends on which an event takes effect that gives a date alone
 * @param ignoredTypes event types to pass over; {@code *} stands for any characters
 * @param keepNotFound whether an event about an unknown subject is kept on the dead-letter topic
 */
public record PolicyConfig(
    @Constraint(value = DURATION, byDefault = "2m") Duration clockSkew,
    @Constraint(value = ZONE, byDefault = "UTC") ZoneId zone,
    @Constraint(NAME) List<String> ignoredTypes,
    @Constraint(value = BOOLEAN, byDefault = "true") boolean keepNotFound) {}
