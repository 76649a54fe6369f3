package io.offboarder.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes events, as an HR system would. Blocks; may be used from any thread. */
public final class EventPublisher implements AutoCloseable {
  /** More than a broker takes by default, so that it is the broker who says what is too large. */
  private static final int MAX_REQUEST_BYTES = 32 << 20;

  private final KafkaSettings settings;
  private final Producer<byte[], byte[]> producer;

  private EventPublisher(KafkaSettings settings, Producer<byte[], byte[]> producer) {
    this.settings = settings;
    this.producer = producer;
  }

  /**
   * A record to publish.
   *
   * @param key decides the partition, so that one subject's events stay in order
   */
  public record Message(String topic, String key, Map<String, String> headers, String value) {}

  /** Where a record came to stand. */
  public record Published(String topic, int partition, long offset) {}

  /**
   * Opens a publisher, once it is known that Kafka answers and has these topics.
   *
   * @throws KafkaFailure if it does not
   */
  public static EventPublisher open(KafkaSettings settings, Collection<String> topics) {
    try (Topics existing = Topics.open(settings)) {
      TreeSet<String> missing = new TreeSet<>(topics);
      missing.removeAll(existing.partitions(topics).keySet());
      if (!missing.isEmpty()) {
        throw new KafkaFailure(
            KafkaFailure.Kind.TOPIC_MISSING,
            "Kafka at "
                + settings.bootstrapServers()
                + " has no topic "
                + String.join(", ", missing)
                + "; \"offboarder run --create-topics\" creates those that the settings name");
      }
    }
    Map<String, Object> client = settings.client();
    client.put("acks", "all");
    client.put("enable.idempotence", true);
    client.put("max.request.size", MAX_REQUEST_BYTES);
    client.put("max.block.ms", client.get("request.timeout.ms"));
    client.put("linger.ms", 0);
    client.put("delivery.timeout.ms", client.get("request.timeout.ms"));
    try {
      return new EventPublisher(
          settings,
          new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer()));
    } catch (RuntimeException e) {
      throw KafkaFailure.of("connecting", settings, e);
    }
  }

  /**
   * Publishes messages and waits until Kafka has them all.
   *
   * @return where each came to stand, in their order
   * @throws KafkaFailure for the first that Kafka did not take; those before it are published
   */
  public List<Published> publish(List<Message> messages) {
    return publishRecords(messages.stream().map(EventPublisher::record).toList());
  }

  /**
   * The same with records, whose bytes are published as they are.
   *
   * @throws KafkaFailure for the first that Kafka did not take; those before it are published
   */
  public List<Published> publishRecords(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    List<Published> published = new ArrayList<>();
    String activity = "publishing";
    try {
      for (ProducerRecord<byte[], byte[]> record : records) {
        sent.add(producer.send(record));
      }
      for (Future<RecordMetadata> one : sent) {
        activity = "publishing record " + (published.size() + 1) + " of " + records.size();
        RecordMetadata at = one.get();
        published.add(new Published(at.topic(), at.partition(), at.offset()));
      }
    } catch (ExecutionException | RuntimeException e) {
      throw KafkaFailure.of(activity, settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaFailure(KafkaFailure.Kind.OTHER, "interrupted while " + activity, e);
    }
    return published;
  }

  private static ProducerRecord<byte[], byte[]> record(Message message) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(message.topic(), bytes(message.key()), bytes(message.value()));
    message.headers().forEach((name, value) -> record.headers().add(name, bytes(value)));
    return record;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}
