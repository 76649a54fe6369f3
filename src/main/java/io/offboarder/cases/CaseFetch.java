package io.offboarder.cases;

import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads records of the cases' topic that are too large to be kept in memory. From any thread. */
public record CaseFetch(KafkaSettings settings, String topic) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(500);

  /**
   * The value of the record at an offset. Blocks.
   *
   * @throws io.offboarder.kafka.KafkaFailure if Kafka refuses
   * @throws IllegalStateException if Kafka does not answer in time, or has no such record any more
   */
  public byte[] read(long offset) {
    Instant until = Instant.now().plus(PATIENCE);
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(settings, topic, new Start.Offsets(Map.of(0, offset)))) {
      do {
        for (Entry entry : reader.poll(POLL)) {
          byte @Nullable [] value = entry.value();
          if (entry.offset() == offset && value != null) {
            return value;
          }
        }
      } while (reader.position(0) <= offset && Instant.now().isBefore(until));
    }
    throw new IllegalStateException(
        topic + " has no record at " + offset + " that can be read now");
  }
}
