package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
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
          "cases",
          new Duplicates("one", new SimulatedGroupAdmin(List::of), Incarnation.fresh(0)),
          LoopClock.system(),
          StreamListener.NONE);

  private boolean wasLastCommitted;
  private boolean joins = true;

  @Test
  @DisplayName("opens while only the broker knows which member its consumer is")
  void opensDuringTheJoin() {
    writer.open(SimulatedConsumer.metadata("", -1), new TopicPartition("in", 0));

    assertThat(writer.isOpen()).isTrue();
    assertThat(calls).endsWith("offsets", "abort");
  }

  @Test
  @DisplayName("ends by an abort, where late work is read, what was aborted before it")
  void endsWhatWasAborted() {
    writer.open(SimulatedConsumer.metadata("", -1), new TopicPartition("in", 0));

    assertThat(calls).containsExactly("init", "begin", "cases-0", "flush", "offsets", "abort");
  }

  @Test
  @DisplayName("ends by a commit, where late work is read, what was committed before it")
  void endsWhatWasCommitted() {
    wasLastCommitted = true;

    writer.open(SimulatedConsumer.metadata("", -1), new TopicPartition("in", 0));

    assertThat(calls).startsWith("init", "begin", "cases-0", "flush", "commit", "begin");
    assertThat(calls).endsWith("offsets", "abort");
  }

  @Test
  @DisplayName("remembers what it has committed, where Kafka knows only of an abort after it")
  void remembersWhatItCommitted() {
    ConsumerGroupMetadata member = SimulatedConsumer.metadata("member", 1);
    joins = false;
    writer.open(member, new TopicPartition("in", 0));
    writer.commit(List.of(), Map.of(), member);
    joins = true;
    writer.commit(List.of(), Map.of(), member);
    writer.close();
    calls.clear();

    writer.open(member, new TopicPartition("in", 0));

    assertThat(calls).startsWith("init", "begin", "cases-0", "flush", "commit");
  }

  /** A producer whose broker knows that the group's instance id belongs to a member. */
  final class Joining {
    void initTransactions() {
      calls.add("init");
    }

    void beginTransaction() {
      calls.add("begin");
    }

    Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
      assertThat(record.value()).isNull();
      calls.add(record.topic() + "-" + record.partition());
      return new CompletableFuture<>();
    }

    void flush() {
      calls.add("flush");
    }

    void commitTransaction() {
      calls.add("commit");
    }

    @SuppressWarnings("DoNotCallSuggester")
    void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      calls.add("offsets");
      if (joins) {
        throw new FencedInstanceIdException("another member has this instance id");
      }
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
    public boolean wasLastCommitted() {
      return wasLastCommitted;
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
