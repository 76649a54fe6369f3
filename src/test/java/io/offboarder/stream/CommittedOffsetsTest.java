package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("The reader of committed offsets")
class CommittedOffsetsTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(CommittedOffsets.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  @Test
  @DisplayName("warns once of a crash, however many partitions it has left")
  void oneLine() {
    List<Partition> partitions =
        IntStream.range(0, 24).mapToObj(i -> new Partition(new TopicPartition("in", i))).toList();

    offsets().restore(consumer(1), partitions);

    assertThat(lines.list)
        .filteredOn(line -> line.getLevel() == Level.WARN)
        .singleElement()
        .satisfies(
            line ->
                assertThat(line.getFormattedMessage())
                    .startsWith("The last owner of 24 partitions died")
                    .contains("in-0@7, ", "in-23@7"));
  }

  @Test
  @DisplayName("warns of nothing where the last owner has read all")
  void noLine() {
    offsets().restore(consumer(0), List.of(new Partition(new TopicPartition("in", 0))));

    assertThat(lines.list).noneMatch(line -> line.getLevel() == Level.WARN);
  }

  private static CommittedOffsets offsets() {
    return new CommittedOffsets(StreamSettings.of(Map.of(), "group", "one", List.of("in")));
  }

  @SuppressWarnings("unchecked")
  private static Consumer<byte[], byte[]> consumer(int attempts) {
    return Stub.of(Consumer.class, new AtSeven(attempts));
  }

  /** A consumer whose group has committed 7 everywhere. */
  record AtSeven(int attempts) {
    Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> ids, Duration timeout) {
      Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
      ids.forEach(id -> committed.put(id, new OffsetAndMetadata(7, text())));
      return committed;
    }

    private String text() {
      return OffsetMetadata.encode(
          OffsetEncoding.WIDE, 7, new BitSet(), attempts, 0, OffsetMetadata.NOWHERE);
    }

    void seek(TopicPartition partition, long offset) {}

    void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {}
  }
}
