package io.offboarder.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.testing.Company;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * Publishes events at an even rate to all partitions of both input topics, and sees when the
 * outcome of each becomes visible to a {@code read_committed} reader. All by one clock, that of
 * {@link System#nanoTime}.
 */
final class LatencyProbe implements AutoCloseable {
  private final Company company;
  private final String bootstrapServers;

  /** An event's position in its topic. */
  private record Position(TopicPartition partition, long offset) {}

  private final Map<Position, Long> appended = new ConcurrentHashMap<>();
  private final Map<Position, Long> visible = new ConcurrentHashMap<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final Thread publisher;
  private final Thread reader;
  private volatile boolean publishing = true;
  private volatile boolean reading = true;

  /** Starts publishing events of this source. */
  LatencyProbe(Company company, int perSecond, Supplier<ObjectNode> events) {
    this.company = company;
    this.bootstrapServers = company.environment().get("OFFBOARDER_KAFKA_BOOTSTRAP_SERVERS");
    this.publisher = new Thread(() -> publish(perSecond, events), "probe-publisher");
    this.reader = new Thread(this::read, "probe-reader");
    reader.start();
    publisher.start();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback tells what became of it
  private void publish(int perSecond, Supplier<ObjectNode> events) {
    Properties config = new Properties();
    config.put("bootstrap.servers", bootstrapServers);
    long start = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; publishing; i++) {
        TimeUnit.NANOSECONDS.sleep(
            TimeUnit.SECONDS.toNanos(i) / perSecond - (System.nanoTime() - start));
        String topic = i % 2 == 0 ? company.terminated() : company.decommissioned();
        int partition = i / 2 % producer.partitionsFor(topic).size();
        byte[] value = events.get().toString().getBytes(UTF_8);
        producer.send(
            new ProducerRecord<>(topic, partition, null, value),
            (metadata, e) -> {
              if (e == null) {
                TopicPartition id = new TopicPartition(metadata.topic(), metadata.partition());
                appended.put(new Position(id, metadata.offset()), System.nanoTime());
              } else {
                faults.add("not published: " + e);
              }
            });
      }
    } catch (InterruptedException | RuntimeException e) {
      faults.add("publishing ended: " + e);
    }
  }

  private void read() {
    Properties config = new Properties();
    config.put("bootstrap.servers", bootstrapServers);
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", false);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(company.outcomes()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (reading) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
          JsonNode outcome = Company.json(record.value());
          if (!outcome.path("final").asBoolean()) {
            continue;
          }
          Position position = position(outcome.path("event"));
          if (visible.put(position, System.nanoTime()) != null) {
            faults.add("a second outcome for " + position);
          }
        }
      }
    }
  }

  private static Position position(JsonNode event) {
    return new Position(
        new TopicPartition(event.path("topic").asText(), event.path("partition").asInt()),
        event.path("offset").asLong());
  }

  /** Waits until so many more events have been published. */
  void awaitPublished(int more, Duration within) {
    int before = appended.size();
    Awaitility.await("more events").atMost(within).until(() -> appended.size() >= before + more);
  }

  /** Stops publishing, and waits until every event has its outcome. */
  void finish(Duration within) {
    publishing = false;
    join(publisher);
    Awaitility.await("an outcome for every event")
        .atMost(within)
        .until(() -> visible.keySet().containsAll(appended.keySet()));
  }

  /** What went wrong: events without or with a second outcome. */
  List<String> faults() {
    return faults;
  }

  /**
   * How long the events of some partitions waited for their outcomes, those that had none at a
   * moment and those that came in the ten seconds after it; in milliseconds, rising. The wait of an
   * event that was there before begins at the moment.
   */
  List<Long> waits(long moment, Set<TopicPartition> partitions) {
    Predicate<Position> relevant =
        position ->
            partitions.contains(position.partition())
                && visible.get(position) > moment
                && appended.get(position) < moment + TimeUnit.SECONDS.toNanos(10);
    List<Long> waits = new ArrayList<>();
    appended.forEach(
        (position, at) -> {
          if (relevant.test(position)) {
            long from = Math.max(at, moment);
            waits.add(TimeUnit.NANOSECONDS.toMillis(visible.get(position) - from));
          }
        });
    waits.sort(null);
    return waits;
  }

  @Override
  public void close() {
    publishing = false;
    reading = false;
    join(publisher);
    join(reader);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
