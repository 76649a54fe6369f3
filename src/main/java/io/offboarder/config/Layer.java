package io.offboarder.config;

import java.util.List;
import java.util.Map;

/**
 * What one source sets.
 *
 * @param origin where it is, in words that end a sentence: "in offboarder.yaml"
 * @param values by full key; a Kafka property's name is quoted
 * @param faults what the source itself has wrong
 */
record Layer(String origin, Map<String, String> values, List<ConfigFault> faults) {
  /** What the names of Kafka's own settings begin with. */
  static final String KAFKA_PROPERTIES = KafkaConfig.PREFIX + ".properties.";

  Layer {
    values = Map.copyOf(values);
    faults = List.copyOf(faults);
  }

  /** A file that cannot be used at all. */
  static Layer faulty(String line) {
    return new Layer("", Map.of(), List.of(new ConfigFault(ConfigFault.FILE, line)));
  }

  /** The key of one of Kafka's own settings; quoted, since it has dots of its own. */
  static String kafkaProperty(String name) {
    return KAFKA_PROPERTIES + '"' + name + '"';
  }
}
