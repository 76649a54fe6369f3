package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.BOOLEAN;
import static io.offboarder.config.ValueConstraint.FILE;
import static io.offboarder.config.ValueConstraint.LOOKS;
import static io.offboarder.config.ValueConstraint.MODE;
import static io.offboarder.config.ValueConstraint.NAME;
import static io.offboarder.config.ValueConstraint.WAIT;
import static io.offboarder.config.ValueConstraint.ZONE;

import io.offboarder.event.Execution;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What is decided about events.
 *
 * @param clockSkew how far ahead of this machine's clock an effectiveAt may be and still be now
 * @param grace what is added to an effectiveAt
 * @param immediateReasons reasons for which an event is done at once, even if its effectiveAt lies
 *     ahead; {@code *} stands for any characters
 * @param maxDelay how far ahead an effectiveAt may be
 * @param secondLooks when after an end as revoked a person is listed again; zero for not at all
 * @param zone where the day ends on which an event takes effect that gives a date alone
 * @param ignoredTypes event types to pass over; {@code *} stands for any characters
 * @param keepNotFound whether an event about an unknown subject is kept on the dead-letter topic
 * @param mode whether events are acted on, or only asked what would be done
 * @param protectedFile the persons and clients that are never touched; YAML
 * @param maxEventAge events that took effect longer ago wait for a person; zero for none
 * @param decommissionsNeedApproval whether every app-decommission waits for a person
 * @param guard how many may be touched within a time
 * @param approval whose word it takes to release or discard what is held
 */
public record PolicyConfig(
    @Constraint(value = WAIT, byDefault = "0s") Duration clockSkew,
    @Constraint(value = WAIT, byDefault = "0s") Duration grace,
    @Constraint(NAME) List<String> immediateReasons,
    @Constraint(value = WAIT, byDefault = "400d") Duration maxDelay,
    @Constraint(value = LOOKS, byDefault = "5m,24h") List<Duration> secondLooks,
    @Constraint(value = ZONE, byDefault = "UTC") ZoneId zone,
    @Constraint(NAME) List<String> ignoredTypes,
    @Constraint(value = BOOLEAN, byDefault = "true") boolean keepNotFound,
    @Constraint(FILE) Optional<Path> protectedFile,
    @Constraint(value = MODE, byDefault = "real") Execution mode,
    @Constraint(value = WAIT, byDefault = "7d") Duration maxEventAge,
    @Constraint(value = BOOLEAN, byDefault = "false") boolean decommissionsNeedApproval,
    GuardConfig guard,
    ApprovalConfig approval) {
  static final String PREFIX = OffboarderConfig.PREFIX + ".policy";
}
