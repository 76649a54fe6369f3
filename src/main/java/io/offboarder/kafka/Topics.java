package io.offboarder.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks for topics, and makes those that are missing. Calls wait for Kafka. */
public final class Topics implements AutoCloseable {
  /** Thirteen months: a yearly audit finds the whole year. */
  private static final Duration AUDIT_RETENTION = Duration.ofDays(396);

  private static final int LARGEST_DEAD_LETTER_BYTES = 16 << 20;

  private final Map<String, String> client;
  private final Admin admin;

  private Topics(Map<String, String> client, Admin admin) {
    this.client = client;
    this.admin = admin;
  }

  /**
   * Topics of the Kafka that these client properties reach.
   *
   * @param timeout for each answer
   */
  public static Topics of(Map<String, String> client, Duration timeout)
      throws KafkaUnavailableException {
    Map<String, Object> config = new HashMap<>(client);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
    try {
      return new Topics(client, Admin.create(config));
    } catch (RuntimeException e) {
      throw KafkaUnavailableException.of(e.getCause() == null ? e : e.getCause(), client);
    }
  }

  /** How many partitions each of these topics has; empty for those that are missing. */
  public Map<String, OptionalInt> partitions(Collection<String> topics)
      throws KafkaUnavailableException {
    Map<String, OptionalInt> partitions = new LinkedHashMap<>();
    var described = admin.describeTopics(topics).topicNameValues();
    for (String topic : topics) {
      Optional<TopicDescription> description = await(described.get(topic));
      partitions.put(
          topic,
          description
              .map(found -> OptionalInt.of(found.partitions().size()))
              .orElse(OptionalInt.empty()));
    }
    return partitions;
  }

  /** Which of these topics are missing. */
  public List<String> missing(Collection<String> topics) throws KafkaUnavailableException {
    return partitions(topics).entrySet().stream()
        .filter(topic -> topic.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What a topic is for, which decides how it is made. */
  public enum Purpose {
    /** Events: 12 partitions, so that as many instances can share the work. */
    EVENTS,
    /** Outcomes: as many, kept for thirteen months. */
    OUTCOMES,
    /** Dead letters: few, kept as long, and as large as input may be. */
    DEAD_LETTERS;

    private NewTopic topic(String name) {
      String retention = Long.toString(AUDIT_RETENTION.toMillis());
      String largest = Integer.toString(LARGEST_DEAD_LETTER_BYTES);
      return switch (this) {
        case EVENTS -> partitioned(name, 12);
        case OUTCOMES -> partitioned(name, 12).configs(Map.of("retention.ms", retention));
        case DEAD_LETTERS ->
            partitioned(name, 3)
                .configs(Map.of("retention.ms", retention, "max.message.bytes", largest));
      };
    }

    private static NewTopic partitioned(String name, int partitions) {
      return new NewTopic(name, Optional.of(partitions), Optional.empty());
    }
  }

  /** Makes a topic with the broker's default replication; one that exists is left as it is. */
  public void create(String topic, Purpose purpose) throws KafkaUnavailableException {
    await(admin.createTopics(List.of(purpose.topic(topic))).values().get(topic));
  }

  private <T> Optional<T> await(Future<T> answer) throws KafkaUnavailableException {
    try {
      return Optional.ofNullable(answer.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException
          || e.getCause() instanceof TopicExistsException) {
        return Optional.empty();
      }
      throw KafkaUnavailableException.of(e, client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KafkaUnavailableException.of(e, client);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
