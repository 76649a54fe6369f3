package io.offboarder.stream;

import static io.offboarder.stream.EngineGroup.SOON;
import static io.offboarder.stream.EngineGroup.failure;
import static io.offboarder.stream.EngineGroup.stop;
import static io.offboarder.stream.EngineGroup.values;
import static io.offboarder.testing.Topics.bytes;
import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.stream.OffsetMetadataSettings.Foreign;
import io.offboarder.stream.StreamFailure.Reason;
import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The engine, on a real broker")
class StreamEngineTest extends EngineFixture {
  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName("publishes one outcome per record although work finishes out of order")
  void oneOutcomePerRecord(String protocol) {
    group.createTopics(4);
    List<String> values = values(2_000);
    group.topics().publish(group.in(), values);

    group.start("one", Map.of("group.protocol", protocol));

    assertThat(group.outcomes(2_000)).containsExactlyInAnyOrderElementsOf(values);
  }

  @Test
  @DisplayName("keeps the order of one subject's records and runs other subjects concurrently")
  void orderPerSubject() {
    group.createTopics(2);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String subject = "subject-" + i % 7;
      records.add(new ProducerRecord<>(group.in(), bytes(subject), bytes(subject + ":" + i)));
    }
    group.topics().publish(records);
    Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    AtomicInteger mostAtOnce = new AtomicInteger();
    Map<String, List<String>> order = new ConcurrentHashMap<>();

    group.start(
        "one",
        Map.of(),
        record -> {
          String subject = text(record.key());
          AtomicInteger ofSubject = running.computeIfAbsent(subject, s -> new AtomicInteger());
          assertThat(ofSubject.incrementAndGet()).as(subject).isEqualTo(1);
          mostAtOnce.accumulateAndGet(
              running.values().stream().mapToInt(AtomicInteger::get).sum(), Math::max);
          order
              .computeIfAbsent(subject, s -> new CopyOnWriteArrayList<>())
              .add(text(record.value()));
          return group.later(record).onComplete(r -> ofSubject.decrementAndGet());
        });

    group.outcomes(400);
    for (int s = 0; s < 7; s++) {
      String subject = "subject-" + s;
      assertThat(order.get(subject))
          .isEqualTo(
              records.stream()
                  .map(r -> text(r.value()))
                  .filter(v -> v.startsWith(subject + ":"))
                  .toList());
    }
    assertThat(mostAtOnce.get()).isGreaterThan(3);
  }

  @Test
  @DisplayName("sends the same bytes again when a transaction is aborted, and repeats no work")
  void abortedTransaction() {
    group.topics().create(group.in(), 1, Map.of());
    List<String> values = values(20);
    group.topics().publish(group.in(), values);
    AtomicInteger calls = new AtomicInteger();
    StreamEngine engine =
        group.start(
            "one",
            Map.of("max.block.ms", "400"),
            record -> {
              calls.incrementAndGet();
              return Future.succeededFuture(
                  group.outcome(text(record.value()) + " by call " + calls.get()));
            });
    await().atMost(SOON).until(() -> engine.status().problem().contains("publishing"));

    group.topics().create(group.out(), 1, Map.of());

    assertThat(group.outcomes(20)).hasSize(20);
    assertThat(calls.get()).isEqualTo(20);
  }

  @Test
  @DisplayName("outlives a broker that goes away and comes back, in the middle of its work")
  void brokerRestart() {
    try (EmbeddedBroker own = EmbeddedBroker.start();
        EngineGroup group = new EngineGroup(own.bootstrapServers(), "restarted")) {
      group.createTopics(3);
      List<String> values = values(600);
      group.topics().publish(group.in(), values.subList(0, 300));
      StreamEngine engine = group.start("one", Map.of());
      await().atMost(SOON).until(() -> !group.topics().committed(group.out()).isEmpty());
      own.stop();
      own.restart();
      group.topics().publish(group.in(), values.subList(300, 600));

      assertThat(group.outcomes(600)).containsExactlyInAnyOrderElementsOf(values);
      stop(engine, Duration.ofSeconds(5));
    }
  }

  @Test
  @DisplayName("stops within seconds where no broker answers, and the next one loses nothing")
  void stopsWithoutBroker() {
    try (EmbeddedBroker own = EmbeddedBroker.start();
        EngineGroup group = new EngineGroup(own.bootstrapServers(), "stopped")) {
      group.createTopics(3);
      List<String> values = values(30);
      group.topics().publish(group.in(), values);
      Map<String, Promise<Result>> started = new ConcurrentHashMap<>();
      StreamEngine first =
          group.start(
              "one",
              Map.of(),
              record ->
                  started.computeIfAbsent(text(record.value()), v -> Promise.promise()).future());
      await().atMost(SOON).until(() -> started.size() == values.size());
      own.stop();
      started.forEach((value, result) -> result.complete(group.outcome(value)));

      long began = System.nanoTime();
      stop(first, Duration.ofMinutes(5));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));

      own.restart();
      StreamEngine next = group.start("one", Map.of());
      assertThat(group.outcomes(30)).containsExactlyInAnyOrderElementsOf(values);
      stop(next, Duration.ofSeconds(5));
    }
  }

  @Test
  @DisplayName("shortens a result that its topic refuses as too large")
  void tooLarge() {
    group.topics().create(group.in(), 1, Map.of());
    group.topics().create(group.out(), 1, Map.of("max.message.bytes", "20000"));
    group.topics().publish(group.in(), values(10));

    group.start(
        "one",
        Map.of(),
        record -> {
          String value = text(record.value());
          return Future.succeededFuture(
              value.equals("4")
                  ? new Result(
                      group.outcome("x".repeat(30_000)).records(),
                      () -> group.outcome("4, shortened"))
                  : group.outcome(value));
        });

    assertThat(group.outcomes(10)).contains("3", "4, shortened", "5").doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("starts failed work again until it has a result")
  void failedWork() {
    group.createTopics(1);
    group.topics().publish(group.in(), values(3));
    AtomicInteger calls = new AtomicInteger();

    group.start(
        "one",
        Map.of(),
        record ->
            text(record.value()).equals("1") && calls.incrementAndGet() < 3
                ? Future.failedFuture("not yet")
                : group.atOnce(record));

    assertThat(group.outcomes(3)).containsExactlyInAnyOrder("0", "1", "2");
  }

  @Test
  @DisplayName("starts work again whose result cannot be written")
  void unwrittenResult() {
    group.createTopics(1);
    group.topics().publish(group.in(), values(3));
    AtomicInteger calls = new AtomicInteger();

    group.startProcessor(
        group.settings("one", Map.of()),
        record ->
            new RecordWork() {
              @Override
              public String subject() {
                return "same";
              }

              @Override
              public Future<ResultWriter> start(WorkContext context) {
                return Future.succeededFuture(() -> result(record, calls));
              }
            });

    assertThat(group.outcomes(3)).containsExactlyInAnyOrder("0", "1", "2");
    assertThat(calls).hasValue(5);
  }

  @Test
  @DisplayName("goes on from the offset when the commit metadata is another program's")
  void foreignMetadata() throws Exception {
    group.createTopics(1);
    group.topics().publish(group.in(), values(10));
    commitForeignMetadata(4);

    group.start("one", Map.of(), group::atOnce);

    assertThat(group.outcomes(6)).containsExactlyInAnyOrder("4", "5", "6", "7", "8", "9");
  }

  @Test
  @DisplayName("stops at another program's commit metadata when it was told to")
  void foreignMetadataStops() throws Exception {
    group.createTopics(1);
    group.topics().publish(group.in(), values(10));
    commitForeignMetadata(4);
    StreamEngine engine =
        group.start(
            group.bounded(
                10, 10, new OffsetMetadataSettings(4096, OffsetEncoding.WIDE, Foreign.STOP)),
            group::atOnce);

    assertThat(failure(engine).reason()).isEqualTo(Reason.FOREIGN_OFFSET_METADATA);
    assertThat(group.topics().committed(group.out())).isEmpty();
  }

  @Test
  @DisplayName(
      "with commit metadata of 64 characters it is slower, and still exact through a restart")
  void littleMetadata() {
    group.createTopics(1);
    List<String> values = values(3_000);
    group.topics().publish(group.in(), values);
    StreamSettings littleMetadata =
        group.bounded(
            1_000, 100_000, new OffsetMetadataSettings(64, OffsetEncoding.WIDE, Foreign.IGNORE));
    StreamEngine first = group.start(littleMetadata, group::later);
    group.outcomes(500);
    stop(first, Duration.ofMillis(50));

    group.start(littleMetadata, group::later);

    assertThat(group.outcomes(3_000)).containsExactlyInAnyOrderElementsOf(values);
  }

  private Result result(ConsumerRecord<byte[], byte[]> record, AtomicInteger calls) {
    if (calls.incrementAndGet() < 3) {
      throw new IllegalStateException("not yet");
    }
    return group.outcome(text(record.value()));
  }

  private void commitForeignMetadata(long offset) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(EmbeddedBroker.shared().clientProperties())) {
      admin
          .alterConsumerGroupOffsets(
              group.name(),
              Map.of(
                  new TopicPartition(group.in(), 0),
                  new OffsetAndMetadata(offset, "somebody else")))
          .all()
          .get();
    }
  }
}
