package io.offboarder.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How to reach Kafka, and which topics. Immutable. */
@ConfigMapping(prefix = KafkaConfig.PREFIX)
public interface KafkaConfig {
  /** What the names of these settings begin with. */
  String PREFIX = OffboarderConfig.PREFIX + ".kafka";

  /** The first brokers to ask, {@code host:port} separated by commas. */
  @Must(Rule.SERVERS)
  @WithDefault("localhost:9092")
  String bootstrapServers();

  /** The consumer group. */
  @Must(Rule.NAME)
  @WithDefault("offboarder")
  String groupId();

  /** Where events come from; any of them may carry any kind of event. */
  @Must(Rule.TOPIC)
  @WithDefault("hr.user-terminated,hr.app-decommissioned")
  List<String> inputTopics();

  /** Where outcomes go. */
  @Must(Rule.TOPIC)
  @WithDefault("offboarding.outcomes")
  String outcomeTopic();

  /** Where rejected and failed input goes. */
  @Must(Rule.TOPIC)
  @WithDefault("offboarding.dead-letters")
  String deadLetterTopic();

  /** A {@code client.properties} as Kafka's tools read it. */
  @Must(Rule.FILE)
  Optional<Path> propertiesFile();

  /**
   * Kafka client settings by Kafka's own names, given through as they are: those of {@link
   * #propertiesFile()}, and over them those set one by one. May hold passwords.
   */
  @Must(Rule.ANYTHING)
  Map<String, String> properties();
}
