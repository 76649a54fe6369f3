package io.offboarder.stream;

import static io.offboarder.testing.Topics.text;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The late work that waits in a topic: a record's key says of which partition and offset it is left
 * over, its value when it is due. A thread of its own reads the topic, as a {@code read_committed}
 * consumer sees it.
 */
final class WaitingCases implements LateWorkSource, AutoCloseable {
  private final TopicPartition topic;
  private final Function<String, Future<Result>> work;
  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread reader = new Thread(this::read, "waiting-cases");
  private final Map<String, Long> dueAt = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Owned> owned = new HashMap<>();
  private volatile long position;
  private volatile boolean closed;

  private static final class Owned {
    volatile long end = Long.MAX_VALUE;
    final Set<String> given = new HashSet<>();
  }

  /**
   * Reads a topic.
   *
   * @param work what is done about a case of this key
   */
  WaitingCases(String bootstrapServers, String topic, Function<String, Future<Result>> work) {
    this.topic = new TopicPartition(topic, 0);
    this.work = work;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(List.of(this.topic));
    consumer.seekToBeginning(List.of(this.topic));
    reader.start();
  }

  /** The key of a record's case. */
  static String key(TopicPartition partition, long offset) {
    return partition + "@" + offset;
  }

  private void read() {
    while (!closed) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
        if (record.value() == null) {
          dueAt.remove(text(record.key()));
        } else {
          dueAt.put(text(record.key()), Long.valueOf(text(record.value())));
        }
      }
      position = consumer.position(topic);
    }
    consumer.close();
  }

  @Override
  public void assigned(TopicPartition id) {
    Owned fresh = new Owned();
    owned.put(id, fresh);
    askForEnd(fresh);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback handles both ends
  private void askForEnd(Owned fresh) {
    admin
        .listOffsets(
            Map.of(topic, OffsetSpec.latest()),
            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
        .partitionResult(topic)
        .whenComplete(
            (end, failure) -> {
              if (failure == null) {
                fresh.end = end.offset();
              } else if (!closed) {
                askForEnd(fresh);
              }
            });
  }

  @Override
  public void lost(TopicPartition id) {
    owned.remove(id);
  }

  @Override
  public LateWork next() {
    long now = System.currentTimeMillis();
    for (Map.Entry<String, Long> one : dueAt.entrySet()) {
      int at = one.getKey().lastIndexOf('@');
      int dash = one.getKey().lastIndexOf('-', at);
      TopicPartition id =
          new TopicPartition(
              one.getKey().substring(0, dash),
              Integer.parseInt(one.getKey().substring(dash + 1, at)));
      Owned partition = owned.get(id);
      if (one.getValue() <= now
          && partition != null
          && position >= partition.end
          && partition.given.add(one.getKey())) {
        return new Case(one.getKey(), id, Long.parseLong(one.getKey().substring(at + 1)), work);
      }
    }
    return null;
  }

  private record Case(
      String key, TopicPartition partition, long offset, Function<String, Future<Result>> work)
      implements LateWork {
    @Override
    public String subject() {
      return null;
    }

    @Override
    public Future<ResultWriter> start(WorkContext context) {
      return work.apply(key).map(result -> () -> result);
    }
  }

  @Override
  public void close() {
    closed = true;
    await().until(() -> !reader.isAlive());
    admin.close();
  }
}
