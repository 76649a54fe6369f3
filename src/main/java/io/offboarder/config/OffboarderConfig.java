package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.DURATION;
import static io.offboarder.config.ValueConstraint.INTAKE;
import static io.offboarder.config.ValueConstraint.NAME;

import io.offboarder.intake.IntakeRules;
import java.time.Duration;

/**
 * All settings of the service, complete and checked. {@code docs/CONFIGURATION.md} says what each
 * means.
 *
 * <p>This record and those in it are the table of settings: a component with a {@link Constraint}
 * is a setting, one without is a section. A component's name is the setting's, {@code
 * shutdown-timeout}.
 *
 * @param instanceId the stable name of this instance; the host's name unless it is set
 * @param shutdownTimeout how long an orderly stop may take
 * @param intake by which rules records of other senders are read
 */
public record OffboarderConfig(
    @Constraint(NAME) String instanceId,
    @Constraint(value = DURATION, byDefault = "25s") Duration shutdownTimeout,
    @Constraint(INTAKE) IntakeRules intake,
    KafkaConfig kafka,
    WebexConfig webex,
    HttpConfig http,
    JournalConfig journal,
    PolicyConfig policy,
    PrivacyConfig privacy,
    SchemaRegistryConfig schemaRegistry,
    SignaturesConfig signatures,
    StreamConfig stream) {
  /** What every setting's name begins with. */
  public static final String PREFIX = "offboarder";
}
