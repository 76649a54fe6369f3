package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A partition's backlog")
class BacklogTest {
  private static final TopicPartition ID = new TopicPartition("topic", 0);
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  private final Partition partition = new Partition(ID);

  BacklogTest() {
    partition.restored(
        new PartitionLedger(10, OffsetMetadata.Decoded.nothing(), OffsetEncoding.WIDE, 4096, 1000),
        new ReadAttempts(0, 0));
  }

  @Test
  @DisplayName("is what Kafka holds, what was read, and what is finished but not committed")
  void counts() {
    partition.polled(List.of(record(10), record(11), record(12)));
    assertThat(status(5).backlog()).isEqualTo(8);

    InFlightRecord first = admit();
    admit();
    assertThat(status(5).backlog()).isEqualTo(8);

    partition.finished(first);
    assertThat(status(5).backlog()).isEqualTo(8);

    Contribution proposal = partition.propose(OffsetMetadata.NOWHERE);
    partition.committed(proposal);
    assertThat(status(5).backlog()).isEqualTo(7);
  }

  @Test
  @DisplayName("does not shrink while Kafka does not say how much it holds")
  void unknownLag() {
    partition.polled(List.of(record(10)));
    assertThat(status(-1).backlog()).isEqualTo(1);
  }

  @Test
  @DisplayName("is as old as its oldest record that is not committed, by Kafka's timestamp")
  void age() {
    Instant later = NOON.plusSeconds(60);
    assertThat(status(0).oldestAge(later)).isZero();

    partition.polled(List.of(record(10), record(11)));
    assertThat(status(0).oldestAge(later)).isEqualTo(Duration.ofSeconds(50));

    partition.finished(admit());
    partition.committed(partition.propose(OffsetMetadata.NOWHERE));
    assertThat(status(0).oldestAge(later)).isEqualTo(Duration.ofSeconds(49));

    partition.finished(admit());
    partition.committed(partition.propose(OffsetMetadata.NOWHERE));
    assertThat(status(0).oldestAge(later)).isZero();
  }

  private static final RecordWork NO_WORK =
      new RecordWork() {
        @Override
        public String subject() {
          return null;
        }

        @Override
        public Future<ResultWriter> start(WorkContext context) {
          return Future.succeededFuture();
        }
      };

  private InFlightRecord admit() {
    ConsumerRecord<byte[], byte[]> next = partition.nextPending();
    partition.ledger().deliver(next.offset());
    partition.removePending();
    return new InFlightRecord(next, partition, NO_WORK);
  }

  private PartitionStatus status(long lag) {
    return partition.status(Duration.ZERO, lag, Duration.ZERO);
  }

  /** A record that Kafka took in as many seconds after noon as its offset says. */
  private static ConsumerRecord<byte[], byte[]> record(long offset) {
    return new ConsumerRecord<>(
        ID.topic(),
        ID.partition(),
        offset,
        NOON.plusSeconds(offset).toEpochMilli(),
        TimestampType.CREATE_TIME,
        0,
        0,
        new byte[0],
        new byte[0],
        new RecordHeaders(),
        Optional.empty());
  }
}
