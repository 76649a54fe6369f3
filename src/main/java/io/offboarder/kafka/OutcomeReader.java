package io.offboarder.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic as an auditor does: only what is committed, without a group. Confined to one
 * thread.
 */
public final class OutcomeReader implements AutoCloseable {
  private final Map<String, String> client;
  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final Duration timeout;

  private OutcomeReader(
      Map<String, String> client,
      Consumer<byte[], byte[]> consumer,
      String topic,
      Duration timeout) {
    this.client = client;
    this.consumer = consumer;
    this.topic = topic;
    this.timeout = timeout;
  }

  /**
   * A reader of a topic.
   *
   * @param timeout for each answer of Kafka's
   */
  public static OutcomeReader of(Map<String, String> client, String topic, Duration timeout)
      throws KafkaUnavailableException {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
    config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
    config.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
    try {
      return new OutcomeReader(
          client,
          new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
          topic,
          timeout);
    } catch (RuntimeException e) {
      throw KafkaUnavailableException.of(e.getCause() == null ? e : e.getCause(), client);
    }
  }

  /** Reads from the topic's beginning. */
  public void fromBeginning() throws KafkaUnavailableException {
    translating(() -> consumer.seekToBeginning(assign()));
  }

  /** Reads what is published from now on. */
  public void fromEnd() throws KafkaUnavailableException {
    translating(
        () -> {
          consumer.seekToEnd(assign());
          // Positions are looked up now, not with the first poll: nothing published since is
          // missed.
          consumer.assignment().forEach(consumer::position);
        });
  }

  /** Reads what was published since. */
  public void from(Instant since) throws KafkaUnavailableException {
    translating(
        () -> {
          Map<TopicPartition, Long> times = new HashMap<>();
          assign().forEach(partition -> times.put(partition, since.toEpochMilli()));
          Map<TopicPartition, OffsetAndTimestamp> offsets = consumer.offsetsForTimes(times);
          for (TopicPartition partition : times.keySet()) {
            Optional.ofNullable(offsets.get(partition))
                .ifPresentOrElse(
                    found -> consumer.seek(partition, found.offset()),
                    () -> consumer.seekToEnd(List.of(partition)));
          }
        });
  }

  /** What is there now, waiting at most this long for the first. */
  public List<ConsumerRecord<byte[], byte[]>> read(Duration patience)
      throws KafkaUnavailableException {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    translating(() -> consumer.poll(patience).forEach(records::add));
    return records;
  }

  /** Whether everything that is committed now has been read. */
  public boolean isAtEnd() throws KafkaUnavailableException {
    boolean[] atEnd = new boolean[1];
    translating(
        () ->
            atEnd[0] =
                consumer.endOffsets(consumer.assignment()).entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue()));
    return atEnd[0];
  }

  private List<TopicPartition> assign() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic, timeout).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    return partitions;
  }

  private void translating(Runnable action) throws KafkaUnavailableException {
    try {
      action.run();
    } catch (RuntimeException e) {
      throw KafkaUnavailableException.of(e, client);
    }
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
