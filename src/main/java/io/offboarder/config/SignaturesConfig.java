package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.DURATION;
import static io.offboarder.config.ValueConstraint.KEY_SET;
import static io.offboarder.config.ValueConstraint.NAME;
import static io.offboarder.config.ValueConstraint.TOPIC;

import io.offboarder.signature.KeySet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where events must be signed, and by whom.
 *
 * @param requiredTopics input topics whose unsigned events are rejected
 * @param keys the senders' public keys
 * @param tokenAudience who security event tokens must be for; without it none counts
 * @param tokenMaxAge how old a token may be when it reaches Kafka
 * @param tokenMaxWait how long it may wait there
 */
public record SignaturesConfig(
    @Constraint(TOPIC) List<String> requiredTopics,
    @Constraint(KEY_SET) List<KeySet> keys,
    @Constraint(NAME) Optional<String> tokenAudience,
    @Constraint(value = DURATION, byDefault = "10m") Duration tokenMaxAge,
    @Constraint(value = DURATION, byDefault = "7d") Duration tokenMaxWait) {
  static final String PREFIX = OffboarderConfig.PREFIX + ".signatures";
}
