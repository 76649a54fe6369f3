package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The writer of transactions")
class TransactionalWriterTest {
  private final List<String> calls = new ArrayList<>();
  private final TransactionalWriter writer =
      new TransactionalWriter(
          new Clients(),
          new Duplicates("one", new SimulatedGroupAdmin(List::of), Incarnation.fresh(0)),
          LoopClock.system(),
          StreamListener.NONE);

  @Test
  @DisplayName("opens while only the broker knows which member its consumer is")
  void opensDuringTheJoin() {
    writer.open(SimulatedConsumer.metadata("", -1), new TopicPartition("in", 0));

    assertThat(writer.isOpen()).isTrue();
    assertThat(calls).containsExactly("init", "begin", "offsets", "abort");
  }

  /** A producer whose broker knows that the group's instance id belongs to a member. */
  final class Joining {
    void initTransactions() {
      calls.add("init");
    }

    void beginTransaction() {
      calls.add("begin");
    }

    @SuppressWarnings("DoNotCallSuggester")
    void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      calls.add("offsets");
      throw new FencedInstanceIdException("another member has this instance id");
    }

    void abortTransaction() {
      calls.add("abort");
    }

    void close(Duration timeout) {
      calls.add("close");
    }
  }

  private final class Clients implements KafkaClients {
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
    public CarefulReader carefulReader() {
      throw new UnsupportedOperationException();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Producer<byte[], byte[]> producer() {
      return Stub.of(Producer.class, new Joining());
    }
  }
}
