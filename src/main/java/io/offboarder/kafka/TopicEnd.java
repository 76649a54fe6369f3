package io.offboarder.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a partition ends, whether or not what lies there is committed yet. A reader of committed
 * records that has come as far has seen the end of every transaction that was under way when the
 * end was asked for. Blocks; may be used from any thread.
 */
public final class TopicEnd implements AutoCloseable {
  private final KafkaSettings settings;
  private final TopicPartition partition;
  private final Admin admin;

  private TopicEnd(KafkaSettings settings, TopicPartition partition, Admin admin) {
    this.settings = settings;
    this.partition = partition;
    this.admin = admin;
  }

  /**
   * Opens an administrative client; does not reach for a broker yet.
   *
   * @throws KafkaFailure if the client cannot work with the settings
   */
  public static TopicEnd open(KafkaSettings settings, String topic, int partition) {
    Map<String, Object> client = new HashMap<>(settings.client());
    client.put("default.api.timeout.ms", client.get("request.timeout.ms"));
    try {
      return new TopicEnd(settings, new TopicPartition(topic, partition), Admin.create(client));
    } catch (RuntimeException e) {
      throw KafkaFailure.of("connecting", settings, e);
    }
  }

  /**
   * The offset behind the last record at this moment.
   *
   * @throws KafkaFailure if Kafka does not answer within the settings' patience, or refuses
   */
  public long offset() {
    try {
      return admin
          .listOffsets(
              Map.of(partition, OffsetSpec.latest()),
              new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .partitionResult(partition)
          .get()
          .offset();
    } catch (ExecutionException e) {
      throw KafkaFailure.of("asking for the end of the topic " + partition.topic(), settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaFailure(KafkaFailure.Kind.OTHER, "interrupted while waiting for Kafka", e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
