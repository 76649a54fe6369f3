package io.offboarder.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How the command line's own Kafka clients reach Kafka.
 *
 * @param bootstrapServers the first brokers to ask
 * @param properties client settings given through; may hold passwords, so they are never shown
 * @param patience how long one request may take before Kafka counts as unreachable
 */
public record KafkaSettings(
    String bootstrapServers, Map<String, String> properties, Duration patience) {
  /** What a person at a terminal waits for. */
  public static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);

  /** Copies the properties. */
  public KafkaSettings {
    properties = Map.copyOf(properties);
  }

  /** The same with another patience. */
  public KafkaSettings withPatience(Duration other) {
    return new KafkaSettings(bootstrapServers, properties, other);
  }

  /** The configuration of a client, to which it adds its own. */
  Map<String, Object> client() {
    int millis = Math.toIntExact(patience.toMillis());
    Map<String, Object> client = new HashMap<>(properties);
    client.put("bootstrap.servers", bootstrapServers);
    client.put("request.timeout.ms", millis);
    client.putIfAbsent("reconnect.backoff.max.ms", 1000);
    client.putIfAbsent("client.id", "offboarder-cli");
    return client;
  }

  @Override
  public String toString() {
    return "KafkaSettings[bootstrapServers=" + bootstrapServers + ", patience=" + patience + "]";
  }
}
