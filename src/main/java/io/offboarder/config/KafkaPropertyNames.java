package io.offboarder.config;

import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * The names of Kafka's own client settings. A name that is none of them may still mean something to
 * a plug-in, so only one that looks misspelt is a fault: Kafka would ignore it without a word, and
 * a connection that was to be encrypted would not be.
 */
final class KafkaPropertyNames {
  private static final int MISSPELT = 2;

  private static final Set<String> KNOWN = known();

  private KafkaPropertyNames() {}

  private static Set<String> known() {
    Set<String> names = new TreeSet<>(ConsumerConfig.configNames());
    names.addAll(ProducerConfig.configNames());
    return names;
  }

  /** The name that somebody may have meant by one that Kafka does not know; else null. */
  static @Nullable String meant(String name) {
    return KNOWN.contains(name) ? null : Spelling.nearest(name, KNOWN, MISSPELT);
  }
}
