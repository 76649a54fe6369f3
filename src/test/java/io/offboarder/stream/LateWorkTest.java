package io.offboarder.stream;

import static io.offboarder.stream.EngineGroup.SOON;
import static io.offboarder.testing.Topics.bytes;
import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Late work, with a real broker,")
class LateWorkTest {
  private static final AtomicInteger TESTS = new AtomicInteger();

  private final List<WaitingCases> tables = new ArrayList<>();
  private EmbeddedBroker broker;
  private EngineGroup group;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.start();
    group = new EngineGroup(broker.bootstrapServers(), "late" + TESTS.incrementAndGet());
    group.topics().create(group.in(), 4, Map.of());
    group.topics().create(group.out(), 1, Map.of());
    group.topics().create(cases(), 1, Map.of());
    group.topics().create(ends(), 1, Map.of());
  }

  @AfterEach
  void stop() {
    group.close();
    tables.forEach(WaitingCases::close);
    broker.close();
  }

  private String cases() {
    return group.name() + ".cases";
  }

  private String ends() {
    return group.name() + ".ends";
  }

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName("ends each case once while instances come and go and the broker is restarted")
  void endsOnce(String protocol) {
    List<String> values = IntStream.range(0, 600).mapToObj(Integer::toString).toList();
    Map<String, String> properties = Map.of("group.protocol", protocol);
    group.topics().publish(group.in(), values);

    StreamEngine first = start("one", properties, this::ended);
    start("two", properties, this::ended);
    keys(100);
    first.stop(Duration.ofSeconds(5));
    keys(200);
    start("three", properties, this::ended);
    keys(300);
    broker.stop();
    broker.restart();

    assertThat(group.outcomes(600)).containsExactlyInAnyOrderElementsOf(values);
    assertThat(keys(600)).hasSize(600).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("is finished and published by an instance that stops meanwhile")
  void finishesWhatRuns() {
    Promise<Void> running = Promise.promise();
    Promise<Void> goOn = Promise.promise();
    group.topics().publish(group.in(), List.of("one"));
    StreamEngine engine =
        start(
            "one",
            Map.of(),
            key -> {
              running.complete();
              return goOn.future().compose(v -> ended(key));
            });
    await().atMost(SOON).until(() -> running.future().isComplete());

    engine.stop(Duration.ofSeconds(30));
    await().atMost(SOON).until(() -> engine.status().phase() == StreamStatus.Phase.STOPPING);
    goOn.complete();

    await().atMost(SOON).until(() -> engine.terminated().isComplete());
    assertThat(keys(1)).hasSize(1);
  }

  @Test
  @DisplayName("is published more shortly where the broker refuses its result as too large")
  void shortened() {
    group.topics().limit(ends(), 1_000);
    group.topics().publish(group.in(), List.of("one"));

    start("one", Map.of(), key -> Future.succeededFuture(tooLarge(key)));

    assertThat(keys(1)).hasSize(1);
  }

  private Result tooLarge(String key) {
    return new Result(
        List.of(
            new ProducerRecord<>(cases(), bytes(key), null),
            new ProducerRecord<>(ends(), bytes(key), new byte[5_000])),
        () -> end(key));
  }

  private Future<Result> ended(String key) {
    return Future.succeededFuture(end(key));
  }

  private Result end(String key) {
    return Result.of(
        List.of(
            new ProducerRecord<>(cases(), bytes(key), null),
            new ProducerRecord<>(ends(), bytes(key), bytes(key))));
  }

  private StreamEngine start(
      String instance, Map<String, String> properties, Function<String, Future<Result>> late) {
    WaitingCases table = new WaitingCases(broker.bootstrapServers(), cases(), late);
    tables.add(table);
    return group.start(instance, properties, this::withCase, table);
  }

  /** A record's outcome, and the case that it leaves behind. */
  private Future<Result> withCase(ConsumerRecord<byte[], byte[]> record) {
    String key =
        WaitingCases.key(new TopicPartition(record.topic(), record.partition()), record.offset());
    long due = System.currentTimeMillis() + ThreadLocalRandom.current().nextInt(2_000);
    List<ProducerRecord<byte[], byte[]>> records =
        new ArrayList<>(group.outcome(text(record.value())).records());
    records.add(new ProducerRecord<>(cases(), bytes(key), bytes(Long.toString(due))));
    return Future.succeededFuture(Result.of(records));
  }

  /** The cases that have ended, once these many have. */
  private List<String> keys(int count) {
    return group.topics().committed(ends(), all -> all.size() >= count, SOON).stream()
        .map(record -> text(record.key()))
        .toList();
  }
}
