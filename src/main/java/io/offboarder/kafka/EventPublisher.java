package io.offboarder.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes events, and waits until Kafka has each. */
public final class EventPublisher implements AutoCloseable {
  private final Map<String, String> client;
  private final Producer<byte[], byte[]> producer;

  private EventPublisher(Map<String, String> client, Producer<byte[], byte[]> producer) {
    this.client = client;
    this.producer = producer;
  }

  /**
   * A publisher to the Kafka that these client properties reach.
   *
   * @param timeout for each event
   */
  public static EventPublisher of(Map<String, String> client, Duration timeout)
      throws KafkaUnavailableException {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout.toMillis());
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
    try {
      return new EventPublisher(
          client,
          new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()));
    } catch (RuntimeException e) {
      throw KafkaUnavailableException.of(e.getCause() == null ? e : e.getCause(), client);
    }
  }

  /** Where a published event stands. */
  public record Position(String topic, int partition, long offset) {
    @Override
    public String toString() {
      return topic + "-" + partition + "@" + offset;
    }
  }

  /** Publishes one event. */
  public Position publish(ProducerRecord<byte[], byte[]> event) throws KafkaUnavailableException {
    try {
      RecordMetadata metadata = producer.send(event).get();
      return new Position(metadata.topic(), metadata.partition(), metadata.offset());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KafkaUnavailableException.of(e, client);
    } catch (ExecutionException | RuntimeException e) {
      throw KafkaUnavailableException.of(e, client);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}
