package io.offboarder.stream;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a partition in small portions and without ever holding a large record in memory, which
 * Kafka's consumer cannot: it decompresses all that a batch contains. For partitions whose last
 * owners died over them. A seam: the loop is tested against a simulated broker. Used by the Kafka
 * thread alone.
 */
interface CarefulReader extends AutoCloseable {

  /**
   * Reads on, as a {@code read_committed} consumer does.
   *
   * @param from the offset to read from
   * @throws org.apache.kafka.common.KafkaException if it did not work; to be tried again
   */
  Portion read(TopicPartition id, long from);

  /** Closes its connections. */
  @Override
  void close();

  /**
   * Some records.
   *
   * @param records in order; an {@link IncompleteRecord} for each that is too large
   * @param next the offset to read on from
   * @param atEnd whether nothing more can be read at the moment
   */
  record Portion(List<ConsumerRecord<byte[], byte[]>> records, long next, boolean atEnd) {}
}
