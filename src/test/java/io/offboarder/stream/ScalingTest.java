package io.offboarder.stream;

import static io.offboarder.stream.EngineGroup.SOON;
import static io.offboarder.testing.Topics.bytes;
import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Engines under an even load")
class ScalingTest {
  private static final int PARTITIONS = 8;
  private static final int PER_TICK = 20;
  private static final Duration TICK = Duration.ofMillis(100);

  /** A few seconds. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName(
      "scale from one to four and back to two without a second outcome and without a long stall")
  void scale(String protocol) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        EngineGroup group = new EngineGroup(broker.bootstrapServers(), "scaling-" + protocol)) {
      group.topics().create(group.in(), PARTITIONS, Map.of());
      group.topics().create(group.out(), 2, Map.of());
      // As quick as the new protocol's heartbeats of this broker are.
      Map<String, String> settings =
          protocol.equals("classic")
              ? Map.of("group.protocol", protocol, "heartbeat.interval.ms", "300")
              : Map.of("group.protocol", protocol);
      AtomicBoolean enough = new AtomicBoolean();
      List<StreamEngine> engines = new ArrayList<>(List.of(group.start("i1", settings)));
      awaitShares(engines);
      CompletableFuture<Integer> load =
          CompletableFuture.supplyAsync(() -> publish(group, broker.bootstrapServers(), enough));

      for (String name : List.of("i2", "i3", "i4")) {
        engines.add(group.start(name, settings));
      }
      awaitShares(engines);
      for (StreamEngine leaving : List.of(engines.remove(0), engines.remove(0))) {
        leaving.stop(Duration.ofSeconds(5));
        await().atMost(SOON).until(() -> leaving.terminated().isComplete());
      }
      awaitShares(engines);
      enough.set(true);
      int published = load.get(SOON.toSeconds(), TimeUnit.SECONDS);

      assertThat(group.outcomes(published)).hasSize(published).doesNotHaveDuplicates();
      Duration stall = longestWait(group);
      Report.of("From one instance to four and back to two, " + protocol)
          .row("events", published)
          .row("a second", PER_TICK * 1_000 / TICK.toMillis())
          .row("outcomes", published)
          .row("works begun, one for each needed", group.works())
          .row("longest from event to outcome, ms", stall.toMillis())
          .publish();
      assertThat(stall).isLessThan(LONGEST);
    }
  }

  private static void awaitShares(List<StreamEngine> engines) {
    int share = PARTITIONS / engines.size();
    await()
        .atMost(SOON)
        .until(() -> engines.stream().allMatch(e -> e.status().partitions().size() == share));
  }

  /** Publishes at an even rate; returns how many. */
  private static int publish(EngineGroup group, String servers, AtomicBoolean enough) {
    int count = 0;
    long due = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      while (!enough.get()) {
        for (int i = 0; i < PER_TICK; i++) {
          byte[] value = bytes(Integer.toString(count++));
          sent.add(producer.send(new ProducerRecord<>(group.in(), value, value)));
        }
        due += TICK.toNanos();
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      }
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("publishing failed", e);
    }
    return count;
  }

  /** The longest that a record waited for its outcome. */
  private static Duration longestWait(EngineGroup group) {
    Map<String, Long> published = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : group.topics().committed(group.in())) {
      published.put(text(record.value()), record.timestamp());
    }
    return group.topics().committed(group.out()).stream()
        .map(record -> Duration.ofMillis(record.timestamp() - published.get(text(record.value()))))
        .max(Duration::compareTo)
        .orElseThrow();
  }
}
