package io.offboarder.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads which final outcomes are committed in a topic, and tells once from twice. Confined to a
 * thread.
 */
final class OutcomeLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final BitSet seen = new BitSet();
  private int distinct;
  private int twice;

  OutcomeLog(String bootstrapServers, String topic) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        IntStream.range(0, TestBed.PARTITIONS)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads what comes within this time; each event's number goes on as its first outcome comes. */
  void read(Duration within, IntConsumer first) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) {
      JsonNode outcome = outcome(record.value());
      if (!outcome.path("final").asBoolean(true)) {
        continue;
      }
      int event = event(outcome);
      if (seen.get(event)) {
        twice++;
      } else {
        seen.set(event);
        distinct++;
        first.accept(event);
      }
    }
  }

  private static int event(JsonNode outcome) {
    String id = outcome.path("event").path("id").asText();
    return Integer.parseInt(id, 1, id.length(), 10);
  }

  private static JsonNode outcome(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Events that have an outcome. */
  int distinct() {
    return distinct;
  }

  /** Outcomes beyond the first of their event. */
  int twice() {
    return twice;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
