package io.offboarder.stream;

import static io.offboarder.stream.EngineGroup.SOON;
import static io.offboarder.stream.EngineGroup.failure;
import static io.offboarder.stream.EngineGroup.stop;
import static io.offboarder.stream.EngineGroup.values;
import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.stream.StreamFailure.Reason;
import io.offboarder.stream.StreamStatus.Phase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The stream engine, where partitions come and go,")
class StreamOwnershipTest extends EngineFixture {
  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName("after a stop in the middle, a restart redoes only what had no outcome")
  void restartRedoesOnlyWhatHadNoOutcome(String protocol) {
    group.createTopics(1);
    List<String> values = values(40);
    group.topics().publish(group.in(), values);
    Map<String, Promise<Result>> started = new ConcurrentHashMap<>();
    Function<ConsumerRecord<byte[], byte[]>, Future<Result>> byHand =
        record -> started.computeIfAbsent(text(record.value()), v -> Promise.promise()).future();
    StreamEngine first = group.start("one", Map.of("group.protocol", protocol), byHand);
    await().atMost(SOON).until(() -> started.size() == 40);
    List<String> done = values.stream().filter(v -> Integer.parseInt(v) % 3 != 0).toList();
    List<String> shuffled = new ArrayList<>(done);
    Collections.shuffle(shuffled, new Random(2));
    shuffled.forEach(v -> started.get(v).complete(group.outcome(v)));
    assertThat(group.outcomes(done.size())).containsExactlyInAnyOrderElementsOf(done);
    stop(first, Duration.ofMillis(200));

    List<String> redone = new CopyOnWriteArrayList<>();
    group.start(
        "one",
        Map.of("group.protocol", protocol),
        record -> {
          redone.add(text(record.value()));
          return group.atOnce(record);
        });

    assertThat(group.outcomes(40)).containsExactlyInAnyOrderElementsOf(values);
    assertThat(redone)
        .containsExactlyInAnyOrderElementsOf(
            values.stream().filter(v -> !done.contains(v)).toList());
  }

  @Test
  @DisplayName("when it is stopped, hands work back at once that has not begun")
  void handsBackWhatHasNotBegun() {
    group.createTopics(1);
    List<String> values = values(10);
    group.topics().publish(group.in(), values);
    AtomicInteger started = new AtomicInteger();
    StreamEngine first =
        group.startProcessor(
            group.settings("one", Map.of()),
            record ->
                new RecordWork() {
                  @Override
                  public String subject() {
                    return text(record.key());
                  }

                  @Override
                  public Future<ResultWriter> start(WorkContext context) {
                    started.incrementAndGet();
                    return failOnceUnwanted(context);
                  }
                });
    await().atMost(SOON).until(() -> started.get() == values.size());

    long began = System.nanoTime();
    stop(first, Duration.ofMinutes(5));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);

    group.start("one", Map.of(), group::atOnce);
    assertThat(group.outcomes(10)).containsExactlyInAnyOrderElementsOf(values);
    assertThat(started).hasValue(values.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName("takes part in its group also with a share of no partitions")
  void sharesOfNothing(String protocol) {
    group.createTopics(1);
    Map<String, String> properties = Map.of("group.protocol", protocol);
    StreamEngine first = group.start("one", properties);
    await().atMost(SOON).until(() -> first.status().phase() == Phase.RUNNING);
    assertThat(first.status().partitions()).hasSize(1);

    StreamEngine second = group.start("two", properties);
    await().atMost(SOON).until(() -> second.status().phase() == Phase.RUNNING);

    assertThat(first.status().partitions().size() + second.status().partitions().size()).isOne();
  }

  @Test
  @DisplayName("is joining, and not yet running, until the group has given it its share")
  void joining() {
    group.createTopics(1);
    try (Consumer<byte[], byte[]> other = member()) {
      await().atMost(SOON).until(() -> holdsPartitions(other));
      StreamEngine engine = group.start("one", Map.of("group.protocol", "classic"));

      // The other member does not come to the rebalance, so the group waits for it.
      await().atMost(SOON).until(() -> engine.status().phase() == Phase.JOINING);
      await()
          .during(Duration.ofMillis(500))
          .atMost(SOON)
          .until(() -> engine.status().phase() == Phase.JOINING);

      other.unsubscribe();
      await().atMost(SOON).until(() -> engine.status().phase() == Phase.RUNNING);
      assertThat(engine.status().partitions()).hasSize(1);
    }
  }

  private static boolean holdsPartitions(Consumer<byte[], byte[]> consumer) {
    consumer.poll(Duration.ofMillis(100));
    return !consumer.assignment().isEmpty();
  }

  /** A member of the group that is no engine. */
  private Consumer<byte[], byte[]> member() {
    Map<String, Object> properties =
        new HashMap<>(group.settings("other", Map.of()).clientProperties());
    properties.put("group.id", group.name());
    properties.put("group.protocol", "classic");
    properties.put("partition.assignment.strategy", TopicBalancedAssignor.class.getName());
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(List.of(group.in()));
    return consumer;
  }

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName("hands partitions over to a second instance and back without a second outcome")
  void rebalance(String protocol) {
    group.createTopics(6);
    List<String> values = values(3_000);
    group.topics().publish(group.in(), values.subList(0, 1_000));
    Map<String, String> settings = Map.of("group.protocol", protocol);
    group.start("one", settings);
    StreamEngine second = group.start("two", settings);
    await().atMost(SOON).until(() -> second.status().partitions().size() == 3);
    group.topics().publish(group.in(), values.subList(1_000, 2_000));
    stop(second, Duration.ofSeconds(5));
    group.topics().publish(group.in(), values.subList(2_000, 3_000));

    assertThat(group.outcomes(3_000)).containsExactlyInAnyOrderElementsOf(values);
  }

  @Test
  @DisplayName(
      "scales from one instance to four and back to two under load without a second outcome")
  void scales() {
    group.createTopics(8);
    List<String> values = values(6_000);
    group.topics().publish(group.in(), values.subList(0, 2_000));
    List<StreamEngine> running = new ArrayList<>();
    running.add(group.start("i1", Map.of()));
    for (String name : List.of("i2", "i3", "i4")) {
      running.add(group.start(name, Map.of()));
    }
    await()
        .atMost(SOON)
        .until(() -> running.stream().allMatch(e -> e.status().partitions().size() == 2));
    group.topics().publish(group.in(), values.subList(2_000, 4_000));
    running.subList(0, 2).forEach(engine -> stop(engine, Duration.ofSeconds(5)));
    group.topics().publish(group.in(), values.subList(4_000, 6_000));
    await()
        .atMost(SOON)
        .until(
            () ->
                running.subList(2, 4).stream().allMatch(e -> e.status().partitions().size() == 4));

    assertThat(group.outcomes(6_000)).containsExactlyInAnyOrderElementsOf(values);
  }

  @Test
  @DisplayName("does not start a second instance of the same name, and leaves the first alone")
  void secondOfTheSameName() {
    group.createTopics(1);
    StreamEngine first = group.start("one", Map.of(), group::atOnce);
    await().atMost(SOON).until(() -> first.status().partitions().size() == 1);

    StreamEngine second =
        StreamEngine.start(
            group.settings("one", Map.of()),
            group.repeating(group::atOnce),
            LateWorkSource.NONE,
            NoteJudge.NONE,
            Runnable::run,
            StreamListener.NONE,
            Future.succeededFuture(),
            Duration.ofSeconds(1));

    assertThat(failure(second)).hasMessageContaining("instance id 'one' is in use");
    assertThat(failure(second).reason()).isEqualTo(Reason.NAME_IN_USE);
    group.topics().publish(group.in(), values(5));
    assertThat(group.outcomes(5)).hasSize(5);
  }

  private Future<ResultWriter> failOnceUnwanted(WorkContext context) {
    Promise<ResultWriter> promise = Promise.promise();
    group
        .vertx()
        .setPeriodic(
            5,
            timer -> {
              if (!context.isWanted()) {
                group.vertx().cancelTimer(timer);
                promise.fail("has not begun");
              }
            });
    return promise.future();
  }
}
