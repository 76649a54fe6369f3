package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.stream.KafkaClients.GroupProtocol;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The committer")
class CommitterTest {
  private final Fate fate = new Fate(1, false);
  private final AtomicInteger producers = new AtomicInteger();
  private final WorkRunner runner = new WorkRunner(Runnable::run, time(), 1, null);
  private final Committer committer =
      new Committer(
          new TransactionalWriter(clients(), null, duplicates(), time(), StreamListener.NONE),
          List.of("in"),
          runner,
          time(),
          Duration.ZERO,
          Runnable::run,
          () -> OffsetMetadata.NOWHERE);

  @Test
  @DisplayName("makes producers ever more rarely while none of them can commit")
  void backsOff() {
    Partition partition = withOneFinished();

    while (fate.micros() < Duration.ofMinutes(1).toNanos() / 1000) {
      committer.begin(List.of(partition), consumer());
      committer.conclude();
      fate.advance(1_000);
    }

    assertThat(producers).hasValueBetween(20, 45);
    assertThat(committer.problem()).contains("publishing to Kafka does not work");
  }

  private Partition withOneFinished() {
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("in", 0, 0, null, new byte[1]);
    Partition partition = new Partition(new TopicPartition("in", 0));
    partition.restored(
        new PartitionLedger(
            0, OffsetMetadata.decode(0, "").orElseThrow(), OffsetEncoding.WIDE, 4096, 100),
        new ReadAttempts(0, 0));
    partition.ledger().deliver(0);
    runner.admit(new InFlightRecord(record, partition, work()));
    runner.dispatch();
    runner.collect();
    return partition;
  }

  private static RecordWork work() {
    return new RecordWork() {
      @Override
      public String subject() {
        return null;
      }

      @Override
      public Future<ResultWriter> start(WorkContext context) {
        return Future.succeededFuture(() -> Result.of(List.of()));
      }
    };
  }

  private LoopClock time() {
    return new LoopClock() {
      @Override
      public Duration now() {
        return fate.now();
      }

      @Override
      public void pause(Duration atMost) {
        fate.idle(atMost);
      }

      @Override
      public void wake() {}
    };
  }

  private KafkaClients clients() {
    return new KafkaClients() {
      @Override
      public JournalWriter journalWriter() {
        throw new UnsupportedOperationException();
      }

      @Override
      public JournalReader journalReader(JournalReader.Use use) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Consumer<byte[], byte[]> consumer(GroupProtocol protocol) {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean wasLastCommitted() {
        return false;
      }

      @Override
      public CarefulReader carefulReader() {
        throw new UnsupportedOperationException();
      }

      @Override
      @SuppressWarnings("unchecked")
      public Producer<byte[], byte[]> producer() {
        producers.incrementAndGet();
        return Stub.of(Producer.class, new Uncommitting("no"));
      }
    };
  }

  private static Duplicates duplicates() {
    return new Duplicates("one", new SimulatedGroupAdmin(List::of), Incarnation.fresh(0));
  }

  @SuppressWarnings("unchecked")
  private static Consumer<byte[], byte[]> consumer() {
    return Stub.of(Consumer.class, new Member());
  }

  /** A producer that can do all but commit, and gives this reason. */
  record Uncommitting(String reason) {
    void initTransactions() {}

    void beginTransaction() {}

    void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {}

    void flush() {}

    @SuppressWarnings("DoNotCallSuggester")
    void commitTransaction() {
      throw new KafkaException(reason);
    }

    @SuppressWarnings("DoNotCallSuggester")
    void abortTransaction() {
      throw new KafkaException(reason);
    }

    void close(Duration timeout) {}
  }

  /** A consumer that is a member, of a group that has committed nothing. */
  record Member() {
    ConsumerGroupMetadata groupMetadata() {
      return SimulatedConsumer.metadata("member", 1);
    }

    Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> ids, Duration timeout) {
      return Map.of();
    }
  }
}
