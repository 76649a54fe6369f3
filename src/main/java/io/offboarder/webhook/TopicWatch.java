package io.offboarder.webhook;

import io.offboarder.kafka.KafkaFailure;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether Kafka answers, has the topics that are published to, and lets us. Thread-safe. */
final class TopicWatch implements AutoCloseable {
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Topics kafka;
  private final List<String> topics;
  private volatile @Nullable String problem = "Kafka was not asked yet";

  TopicWatch(KafkaSettings settings, List<String> topics) {
    this.kafka = Topics.open(settings);
    this.topics = List.copyOf(topics);
  }

  /** Asks. Blocks, for as long as the settings' patience. */
  void look() {
    String found;
    try {
      TreeSet<String> missing = new TreeSet<>(topics);
      missing.removeAll(kafka.partitions(topics).keySet());
      TreeSet<String> denied = new TreeSet<>(kafka.denied(Topics.Access.WRITE, topics));
      found =
          !missing.isEmpty()
              ? "Kafka has no topic " + String.join(", ", missing)
              : denied.isEmpty()
                  ? null
                  : "Kafka does not allow publishing to " + String.join(", ", denied);
    } catch (KafkaFailure e) {
      found = e.getMessage();
    }
    problem = found;
  }

  /** What was wrong when it looked last, in words; null if nothing was. */
  @Nullable String problem() {
    return problem;
  }

  @Override
  public void close() {
    kafka.close();
  }
}
