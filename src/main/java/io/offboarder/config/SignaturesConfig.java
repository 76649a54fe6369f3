package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.KEY_SET;
import static io.offboarder.config.ValueConstraint.TOPIC;

import io.offboarder.signature.KeySet;
import java.util.List;

/**
 * Where events must be signed, and by whom.
 *
 * @param requiredTopics input topics whose unsigned events are rejected
 * @param keys the senders' public keys
 */
public record SignaturesConfig(
    @Constraint(TOPIC) List<String> requiredTopics, @Constraint(KEY_SET) List<KeySet> keys) {}
