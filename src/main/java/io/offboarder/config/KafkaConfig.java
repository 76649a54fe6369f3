package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.ANYTHING;
import static io.offboarder.config.ValueConstraint.FILE;
import static io.offboarder.config.ValueConstraint.NAME;
import static io.offboarder.config.ValueConstraint.SERVERS;
import static io.offboarder.config.ValueConstraint.TOPIC;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach Kafka, and which topics.
 *
 * @param bootstrapServers the first brokers to ask, {@code host:port} separated by commas
 * @param groupId the consumer group
 * @param inputTopics where events come from; any of them may carry any kind of event
 * @param outcomeTopic where outcomes go
 * @param deadLetterTopic where input goes that was rejected or has failed, as a whole or in part
 * @param caseTopic where what waits is kept
 * @param commandTopic where people say what becomes of what is held
 * @param journalTopic where it is written down what is about to be deleted
 * @param propertiesFile a {@code client.properties} as Kafka's tools read it
 * @param properties Kafka client settings by Kafka's own names, given through as they are: those of
 *     the properties file, and over them those set one by one; may hold passwords
 */
public record KafkaConfig(
    @Constraint(value = SERVERS, byDefault = "localhost:9092") String bootstrapServers,
    @Constraint(value = NAME, byDefault = "offboarder") String groupId,
    @Constraint(value = TOPIC, byDefault = "hr.user-terminated,hr.app-decommissioned")
        List<String> inputTopics,
    @Constraint(value = TOPIC, byDefault = "offboarding.outcomes") String outcomeTopic,
    @Constraint(value = TOPIC, byDefault = "offboarding.dead-letters") String deadLetterTopic,
    @Constraint(value = TOPIC, byDefault = "offboarding.cases") String caseTopic,
    @Constraint(value = TOPIC, byDefault = "offboarding.commands") String commandTopic,
    @Constraint(value = TOPIC, byDefault = "offboarding.journal") String journalTopic,
    @Constraint(FILE) Optional<Path> propertiesFile,
    @Constraint(ANYTHING) Map<String, String> properties) {
  static final String PREFIX = OffboarderConfig.PREFIX + ".kafka";

  /** The map of Kafka's own settings. */
  static final String PROPERTIES = PREFIX + ".properties";

  /** Without what may be secret. */
  @Override
  public String toString() {
    return "KafkaConfig[" + bootstrapServers + ", " + groupId + ", " + properties.keySet() + "]";
  }
}
