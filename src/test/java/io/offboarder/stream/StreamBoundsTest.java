package io.offboarder.stream;

import static io.offboarder.stream.EngineGroup.SOON;
import static io.offboarder.stream.EngineGroup.values;
import static io.offboarder.testing.Topics.bytes;
import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The stream engine, where work is slow,")
class StreamBoundsTest extends EngineFixture {
  @Test
  @DisplayName("keeps within the bound on records in flight, and goes on polling while it is full")
  void bounded() {
    group.createTopics(3);
    group.topics().publish(group.in(), values(200));
    List<Promise<Result>> held = new CopyOnWriteArrayList<>();
    StreamEngine engine =
        group.start(
            group.bounded(
                7,
                1_000,
                OffsetMetadataSettings.defaults(),
                Map.of("max.poll.interval.ms", "6000")),
            record -> {
              Promise<Result> promise = Promise.promise();
              held.add(promise);
              return promise.future().map(r -> group.outcome(text(record.value())));
            });
    await().atMost(SOON).until(() -> held.size() == 7);
    await().during(Duration.ofSeconds(7)).atMost(SOON).until(() -> held.size() == 7);
    assertThat(engine.status().partitions()).hasSize(3);

    for (int next = 0; next < 200; next++) {
      int index = next;
      await().pollInterval(Duration.ofMillis(5)).atMost(SOON).until(() -> held.size() > index);
      held.get(next).complete();
    }
    assertThat(group.outcomes(200)).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("thousands of records of one slow subject hold up no other subject")
  void slowSubject() {
    group.createTopics(2);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      records.add(new ProducerRecord<>(group.in(), 0, bytes("slow"), bytes("slow")));
    }
    records.add(
        new ProducerRecord<>(group.in(), 0, bytes("same partition"), bytes("same partition")));
    records.add(new ProducerRecord<>(group.in(), 1, bytes("another"), bytes("another")));
    group.topics().publish(records);

    StreamEngine engine =
        group.start(
            "one",
            Map.of(),
            record ->
                text(record.value()).equals("slow")
                    ? Promise.<Result>promise().future()
                    : group.atOnce(record));

    assertThat(group.outcomes(2)).containsExactlyInAnyOrder("same partition", "another");
    await()
        .atMost(SOON)
        .until(() -> engine.status().partitions().stream().anyMatch(p -> p.waiting() == 2_999));
  }

  @Test
  @DisplayName("a partition full of slow records leaves room for the others")
  void slowPartition() {
    group.createTopics(2);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      records.add(new ProducerRecord<>(group.in(), 0, bytes("slow " + i), bytes("slow")));
    }
    group.topics().publish(records);
    AtomicInteger slow = new AtomicInteger();
    StreamEngine engine =
        group.start(
            "one",
            Map.of(),
            record -> {
              if (text(record.value()).equals("slow")) {
                slow.incrementAndGet();
                return Promise.<Result>promise().future();
              }
              return group.atOnce(record);
            });
    await()
        .atMost(SOON)
        .until(
            () ->
                engine.status().partitions().stream()
                    .anyMatch(p -> p.crowdedFor().compareTo(Duration.ofMillis(500)) > 0));

    group
        .topics()
        .publish(List.of(new ProducerRecord<>(group.in(), 1, bytes("other"), bytes("other"))));

    assertThat(group.outcomes(1)).containsExactly("other");
    assertThat(slow).hasValueBetween(500, 750);
  }

  @Test
  @DisplayName("one slow record lets its partition run ahead to the bound, and the others run on")
  void slowRecord() {
    group.createTopics(2);
    group
        .topics()
        .publish(
            IntStream.range(0, 400)
                .mapToObj(
                    i ->
                        new ProducerRecord<>(
                            group.in(),
                            i % 2,
                            bytes(Integer.toString(i)),
                            bytes(Integer.toString(i))))
                .toList());
    Promise<Result> slow = Promise.promise();

    StreamEngine engine =
        group.start(
            group.bounded(1_000, 50, OffsetMetadataSettings.defaults()),
            record -> text(record.value()).equals("0") ? slow.future() : group.atOnce(record));

    assertThat(group.outcomes(200 + 49)).hasSize(200 + 49).doesNotContain("0", "100");
    await()
        .atMost(SOON)
        .until(() -> engine.status().partitions().stream().anyMatch(p -> p.span() == 50));
    slow.complete(group.outcome("0"));
    assertThat(group.outcomes(400)).containsExactlyInAnyOrderElementsOf(values(400));
  }

  @Test
  @DisplayName("tells for how long another producer's open transaction hides records")
  void hiddenRecords() throws Exception {
    group.createTopics(1);
    StreamEngine engine = group.start("one", Map.of(), group::atOnce);
    try (KafkaProducer<byte[], byte[]> other =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                EmbeddedBroker.shared().bootstrapServers(),
                "transactional.id",
                group.name()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      other.initTransactions();
      other.beginTransaction();
      other.send(new ProducerRecord<>(group.in(), bytes("hidden"), bytes("hidden"))).get();
      group.topics().publish(group.in(), List.of("behind"));

      await().atMost(SOON).until(() -> hiddenFor(engine).compareTo(Duration.ofSeconds(1)) > 0);
      assertThat(group.topics().committed(group.out())).isEmpty();
      other.commitTransaction();
    }

    assertThat(group.outcomes(2)).containsExactlyInAnyOrder("hidden", "behind");
    await().atMost(SOON).until(() -> hiddenFor(engine).isZero());
  }

  private static Duration hiddenFor(StreamEngine engine) {
    return engine.status().partitions().stream()
        .map(PartitionStatus::hiddenFor)
        .findFirst()
        .orElse(Duration.ZERO);
  }
}
