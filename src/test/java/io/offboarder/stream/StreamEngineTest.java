package io.offboarder.stream;

import static io.offboarder.testing.Topics.bytes;
import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.stream.OffsetMetadataSettings.Foreign;
import io.offboarder.stream.StreamFailure.Reason;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The engine, on a real broker")
class StreamEngineTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static EmbeddedBroker broker;
  private static Vertx vertx;
  private static final AtomicInteger TESTS = new AtomicInteger();

  private final List<StreamEngine> engines = new CopyOnWriteArrayList<>();
  private Topics topics;
  private String name;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopBroker() {
    vertx.close().await();
    broker.close();
  }

  @BeforeEach
  void name(TestInfo test) {
    topics = new Topics(broker.bootstrapServers());
    name = "t" + TESTS.incrementAndGet();
  }

  @AfterEach
  void stopEngines() {
    engines.forEach(engine -> engine.stop(Duration.ofSeconds(5)));
    await().atMost(SOON).until(() -> engines.stream().allMatch(e -> e.terminated().isComplete()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName("publishes one outcome per record although work finishes out of order")
  void oneOutcomePerRecord(String protocol) {
    createTopics(4);
    Random random = new Random(1);
    List<String> values = values(2_000);
    topics.publish(in(), values);

    start("one", Map.of("group.protocol", protocol), record -> later(random, record));

    assertThat(outcomes(2_000)).containsExactlyInAnyOrderElementsOf(values);
  }

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName("after a stop in the middle, a restart redoes only what had no outcome")
  void restartRedoesOnlyWhatHadNoOutcome(String protocol) {
    createTopics(1);
    List<String> values = values(40);
    topics.publish(in(), values);
    Map<String, Promise<Result>> started = new ConcurrentHashMap<>();
    Function<ConsumerRecord<byte[], byte[]>, Future<Result>> byHand =
        record -> started.computeIfAbsent(text(record.value()), v -> Promise.promise()).future();
    StreamEngine first = start("one", Map.of("group.protocol", protocol), byHand);
    await().atMost(SOON).until(() -> started.size() == 40);
    List<String> done = values.stream().filter(v -> Integer.parseInt(v) % 3 != 0).toList();
    List<String> shuffled = new ArrayList<>(done);
    Collections.shuffle(shuffled, new Random(2));
    shuffled.forEach(v -> started.get(v).complete(outcome(v)));
    assertThat(outcomes(done.size())).containsExactlyInAnyOrderElementsOf(done);
    stop(first, Duration.ofMillis(200));

    List<String> redone = new CopyOnWriteArrayList<>();
    start(
        "one",
        Map.of("group.protocol", protocol),
        record -> {
          redone.add(text(record.value()));
          return Future.succeededFuture(outcome(text(record.value())));
        });

    assertThat(outcomes(40)).containsExactlyInAnyOrderElementsOf(values);
    assertThat(redone)
        .containsExactlyInAnyOrderElementsOf(
            values.stream().filter(v -> !done.contains(v)).toList());
  }

  @Test
  @DisplayName("when it is stopped, hands work back at once that has not begun")
  void handsBackWhatHasNotBegun() {
    createTopics(1);
    List<String> values = values(10);
    topics.publish(in(), values);
    AtomicInteger started = new AtomicInteger();
    StreamEngine first =
        startProcessor(
            settings(broker.bootstrapServers(), "one", Map.of()),
            record ->
                work(
                    record,
                    context -> {
                      started.incrementAndGet();
                      return failOnceUnwanted(context);
                    }));
    await().atMost(SOON).until(() -> started.get() == values.size());

    long began = System.nanoTime();
    stop(first, Duration.ofMinutes(5));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);

    start("one", Map.of(), record -> Future.succeededFuture(outcome(text(record.value()))));
    assertThat(outcomes(10)).containsExactlyInAnyOrderElementsOf(values);
    assertThat(started).hasValue(values.size());
  }

  private static Future<Result> failOnceUnwanted(WorkContext context) {
    Promise<Result> promise = Promise.promise();
    vertx.setPeriodic(
        5,
        timer -> {
          if (!context.isWanted()) {
            vertx.cancelTimer(timer);
            promise.fail("has not begun");
          }
        });
    return promise.future();
  }

  @Test
  @DisplayName("keeps the order of one subject's records and runs other subjects concurrently")
  void orderPerSubject() {
    createTopics(2);
    Random random = new Random(3);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String subject = "subject-" + i % 7;
      records.add(new ProducerRecord<>(in(), bytes(subject), bytes(subject + ":" + i)));
    }
    topics.publish(records);
    Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    AtomicInteger mostAtOnce = new AtomicInteger();
    Map<String, List<String>> order = new ConcurrentHashMap<>();

    start(
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
          return later(random, record).onComplete(r -> ofSubject.decrementAndGet());
        });

    outcomes(400);
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

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "classic"})
  @DisplayName("hands partitions over to a second instance and back without a second outcome")
  void rebalance(String protocol) {
    createTopics(6);
    Random random = new Random(4);
    List<String> values = values(3_000);
    topics.publish(in(), values.subList(0, 1_000));
    Map<String, String> settings = Map.of("group.protocol", protocol);
    start("one", settings, record -> later(random, record));
    StreamEngine second = start("two", settings, record -> later(random, record));
    await().atMost(SOON).until(() -> second.status().partitions().size() == 3);
    topics.publish(in(), values.subList(1_000, 2_000));
    stop(second, Duration.ofSeconds(5));
    topics.publish(in(), values.subList(2_000, 3_000));

    assertThat(outcomes(3_000)).containsExactlyInAnyOrderElementsOf(values);
  }

  @Test
  @DisplayName("sends the same bytes again when a transaction is aborted, and repeats no work")
  void abortedTransaction() {
    topics.create(in(), 1, Map.of());
    List<String> values = values(20);
    topics.publish(in(), values);
    AtomicInteger calls = new AtomicInteger();
    StreamEngine engine =
        start(
            "one",
            Map.of("max.block.ms", "400"),
            record -> {
              calls.incrementAndGet();
              return Future.succeededFuture(
                  outcome(text(record.value()) + " by call " + calls.get()));
            });
    await().atMost(SOON).until(() -> engine.status().problem().contains("publishing"));

    topics.create(out(), 1, Map.of());

    assertThat(outcomes(20)).hasSize(20);
    assertThat(calls.get()).isEqualTo(20);
  }

  @Test
  @DisplayName("outlives a broker that goes away and comes back, in the middle of its work")
  void brokerRestart() {
    try (EmbeddedBroker own = EmbeddedBroker.start()) {
      topics = new Topics(own.bootstrapServers());
      createTopics(3);
      List<String> values = values(600);
      topics.publish(in(), values.subList(0, 300));
      Random random = new Random(5);
      StreamEngine engine =
          start(own.bootstrapServers(), "one", Map.of(), record -> later(random, record));
      await().atMost(SOON).until(() -> !topics.committed(out()).isEmpty());
      own.stop();
      own.restart();
      topics.publish(in(), values.subList(300, 600));

      assertThat(outcomes(600)).containsExactlyInAnyOrderElementsOf(values);
      stop(engine, Duration.ofSeconds(5));
    }
  }

  @Test
  @DisplayName("stops within seconds where no broker answers, and the next one loses nothing")
  void stopsWithoutBroker() {
    try (EmbeddedBroker own = EmbeddedBroker.start()) {
      topics = new Topics(own.bootstrapServers());
      createTopics(3);
      List<String> values = values(30);
      topics.publish(in(), values);
      Map<String, Promise<Result>> started = new ConcurrentHashMap<>();
      StreamEngine first =
          start(
              own.bootstrapServers(),
              "one",
              Map.of(),
              record ->
                  started.computeIfAbsent(text(record.value()), v -> Promise.promise()).future());
      await().atMost(SOON).until(() -> started.size() == values.size());
      own.stop();
      started.forEach((value, result) -> result.complete(outcome(value)));

      long began = System.nanoTime();
      stop(first, Duration.ofMinutes(5));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));

      own.restart();
      Random random = new Random(7);
      StreamEngine next =
          start(own.bootstrapServers(), "one", Map.of(), record -> later(random, record));
      assertThat(outcomes(30)).containsExactlyInAnyOrderElementsOf(values);
      stop(next, Duration.ofSeconds(5));
    }
  }

  @Test
  @DisplayName("shortens a result that its topic refuses as too large")
  void tooLarge() {
    topics.create(in(), 1, Map.of());
    topics.create(out(), 1, Map.of("max.message.bytes", "20000"));
    topics.publish(in(), values(10));

    start(
        "one",
        Map.of(),
        record -> {
          String value = text(record.value());
          return Future.succeededFuture(
              value.equals("4")
                  ? new Result(outcome("x".repeat(30_000)).records(), () -> outcome("4, shortened"))
                  : outcome(value));
        });

    assertThat(outcomes(10)).contains("3", "4, shortened", "5").doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("starts failed work again until it has a result")
  void failedWork() {
    createTopics(1);
    topics.publish(in(), values(3));
    AtomicInteger calls = new AtomicInteger();

    start(
        "one",
        Map.of(),
        record ->
            text(record.value()).equals("1") && calls.incrementAndGet() < 3
                ? Future.failedFuture("not yet")
                : Future.succeededFuture(outcome(text(record.value()))));

    assertThat(outcomes(3)).containsExactlyInAnyOrder("0", "1", "2");
  }

  @Test
  @DisplayName("starts work again whose result cannot be written")
  void unwrittenResult() {
    createTopics(1);
    topics.publish(in(), values(3));
    AtomicInteger calls = new AtomicInteger();

    startProcessor(
        settings(broker.bootstrapServers(), "one", Map.of()),
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

    assertThat(outcomes(3)).containsExactlyInAnyOrder("0", "1", "2");
    assertThat(calls).hasValue(5);
  }

  private Result result(ConsumerRecord<byte[], byte[]> record, AtomicInteger calls) {
    if (calls.incrementAndGet() < 3) {
      throw new IllegalStateException("not yet");
    }
    return outcome(text(record.value()));
  }

  @Test
  @DisplayName("goes on from the offset when the commit metadata is another program's")
  void foreignMetadata() throws Exception {
    createTopics(1);
    topics.publish(in(), values(10));
    commitForeignMetadata(4);

    start("one", Map.of(), record -> Future.succeededFuture(outcome(text(record.value()))));

    assertThat(outcomes(6)).containsExactlyInAnyOrder("4", "5", "6", "7", "8", "9");
  }

  @Test
  @DisplayName("stops at another program's commit metadata when it was told to")
  void foreignMetadataStops() throws Exception {
    createTopics(1);
    topics.publish(in(), values(10));
    commitForeignMetadata(4);
    StreamSettings usual = settings(broker.bootstrapServers(), "one", Map.of());
    StreamEngine engine =
        start(
            new StreamSettings(
                usual.clientProperties(),
                usual.groupId(),
                usual.instanceId(),
                usual.topics(),
                10,
                1 << 20,
                10,
                new OffsetMetadataSettings(4096, OffsetEncoding.WIDE, Foreign.STOP),
                usual.commitInterval(),
                usual.drainTimeout(),
                0,
                null),
            record -> Future.succeededFuture(outcome(text(record.value()))));

    assertThat(failure(engine).reason()).isEqualTo(Reason.FOREIGN_OFFSET_METADATA);
    assertThat(topics.committed(out())).isEmpty();
  }

  @Test
  @DisplayName("does not start a second instance of the same name, and leaves the first alone")
  void secondOfTheSameName() {
    createTopics(1);
    StreamEngine first =
        start("one", Map.of(), record -> Future.succeededFuture(outcome(text(record.value()))));
    await().atMost(SOON).until(() -> first.status().partitions().size() == 1);

    StreamEngine second =
        StreamEngine.start(
            settings(broker.bootstrapServers(), "one", Map.of()),
            processor(record -> Future.succeededFuture(outcome(text(record.value())))),
            LateWorkSource.NONE,
            NoteJudge.NONE,
            Runnable::run,
            StreamListener.NONE,
            Future.succeededFuture(),
            Duration.ofSeconds(1));
    engines.add(second);

    assertThat(failure(second)).hasMessageContaining("instance id 'one' is in use");
    assertThat(failure(second).reason()).isEqualTo(Reason.NAME_IN_USE);
    topics.publish(in(), values(5));
    assertThat(outcomes(5)).hasSize(5);
  }

  @Test
  @DisplayName("keeps within the bound on records in flight, and goes on polling while it is full")
  void bounded() {
    createTopics(3);
    topics.publish(in(), values(200));
    StreamSettings usual = settings(broker.bootstrapServers(), "one", Map.of());
    List<Promise<Result>> held = new CopyOnWriteArrayList<>();
    Map<String, String> properties = new HashMap<>(usual.clientProperties());
    properties.put("max.poll.interval.ms", "6000");
    StreamEngine engine =
        start(
            new StreamSettings(
                properties,
                usual.groupId(),
                usual.instanceId(),
                usual.topics(),
                7,
                1 << 20,
                1_000,
                usual.offsetMetadata(),
                usual.commitInterval(),
                usual.drainTimeout(),
                0,
                null),
            record -> {
              Promise<Result> promise = Promise.promise();
              held.add(promise);
              return promise.future().map(r -> outcome(text(record.value())));
            });
    await().atMost(SOON).until(() -> held.size() == 7);
    await().during(Duration.ofSeconds(7)).atMost(SOON).until(() -> held.size() == 7);
    assertThat(engine.status().partitions()).hasSize(3);

    for (int next = 0; next < 200; next++) {
      int index = next;
      await().pollInterval(Duration.ofMillis(5)).atMost(SOON).until(() -> held.size() > index);
      held.get(next).complete();
    }
    assertThat(outcomes(200)).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("tells for how long another producer's open transaction hides records")
  void hiddenRecords() throws Exception {
    createTopics(1);
    StreamEngine engine =
        start("one", Map.of(), record -> Future.succeededFuture(outcome(text(record.value()))));
    try (KafkaProducer<byte[], byte[]> other =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", name),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      other.initTransactions();
      other.beginTransaction();
      other.send(new ProducerRecord<>(in(), bytes("hidden"), bytes("hidden"))).get();
      topics.publish(in(), List.of("behind"));

      await().atMost(SOON).until(() -> hiddenFor(engine).compareTo(Duration.ofSeconds(1)) > 0);
      assertThat(topics.committed(out())).isEmpty();
      other.commitTransaction();
    }

    assertThat(outcomes(2)).containsExactlyInAnyOrder("hidden", "behind");
    await().atMost(SOON).until(() -> hiddenFor(engine).isZero());
  }

  private static Duration hiddenFor(StreamEngine engine) {
    return engine.status().partitions().stream()
        .map(PartitionStatus::hiddenFor)
        .findFirst()
        .orElse(Duration.ZERO);
  }

  @Test
  @DisplayName("thousands of records of one slow subject hold up no other subject")
  void slowSubject() {
    createTopics(2);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      records.add(new ProducerRecord<>(in(), 0, bytes("slow"), bytes("slow")));
    }
    records.add(new ProducerRecord<>(in(), 0, bytes("same partition"), bytes("same partition")));
    records.add(new ProducerRecord<>(in(), 1, bytes("another"), bytes("another")));
    topics.publish(records);

    StreamEngine engine =
        start(
            "one",
            Map.of(),
            record ->
                text(record.value()).equals("slow")
                    ? Promise.<Result>promise().future()
                    : Future.succeededFuture(outcome(text(record.value()))));

    assertThat(outcomes(2)).containsExactlyInAnyOrder("same partition", "another");
    await()
        .atMost(SOON)
        .until(() -> engine.status().partitions().stream().anyMatch(p -> p.waiting() == 2_999));
  }

  @Test
  @DisplayName("a partition full of slow records leaves room for the others")
  void slowPartition() {
    createTopics(2);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      records.add(new ProducerRecord<>(in(), 0, bytes("slow " + i), bytes("slow")));
    }
    topics.publish(records);
    AtomicInteger slow = new AtomicInteger();
    StreamEngine engine =
        start(
            "one",
            Map.of(),
            record -> {
              if (text(record.value()).equals("slow")) {
                slow.incrementAndGet();
                return Promise.<Result>promise().future();
              }
              return Future.succeededFuture(outcome(text(record.value())));
            });
    await()
        .atMost(SOON)
        .until(
            () ->
                engine.status().partitions().stream()
                    .anyMatch(p -> p.crowdedFor().compareTo(Duration.ofMillis(500)) > 0));

    topics.publish(List.of(new ProducerRecord<>(in(), 1, bytes("other"), bytes("other"))));

    assertThat(outcomes(1)).containsExactly("other");
    assertThat(slow).hasValueBetween(500, 750);
  }

  @Test
  @DisplayName("one slow record lets its partition run ahead to the bound, and the others run on")
  void slowRecord() {
    createTopics(2);
    topics.publish(
        IntStream.range(0, 400)
            .mapToObj(
                i ->
                    new ProducerRecord<>(
                        in(), i % 2, bytes(Integer.toString(i)), bytes(Integer.toString(i))))
            .toList());
    Promise<Result> slow = Promise.promise();

    StreamEngine engine =
        start(
            bounded(4096, 50),
            record ->
                text(record.value()).equals("0")
                    ? slow.future()
                    : Future.succeededFuture(outcome(text(record.value()))));

    assertThat(outcomes(200 + 49)).hasSize(200 + 49).doesNotContain("0", "100");
    await()
        .atMost(SOON)
        .until(() -> engine.status().partitions().stream().anyMatch(p -> p.span() == 50));
    slow.complete(outcome("0"));
    assertThat(outcomes(400)).containsExactlyInAnyOrderElementsOf(values(400));
  }

  @Test
  @DisplayName(
      "with commit metadata of 64 characters it is slower, and still exact through a restart")
  void littleMetadata() {
    createTopics(1);
    List<String> values = values(3_000);
    topics.publish(in(), values);
    Random random = new Random(6);
    StreamEngine first = start(bounded(64, 100_000), record -> later(random, record));
    outcomes(500);
    stop(first, Duration.ofMillis(50));

    start(bounded(64, 100_000), record -> later(random, record));

    assertThat(outcomes(3_000)).containsExactlyInAnyOrderElementsOf(values);
  }

  @Test
  @DisplayName(
      "scales from one instance to four and back to two under load without a second outcome")
  void scales() {
    createTopics(8);
    Random random = new Random(7);
    List<String> values = values(6_000);
    topics.publish(in(), values.subList(0, 2_000));
    List<StreamEngine> running = new ArrayList<>();
    running.add(start("i1", Map.of(), record -> later(random, record)));
    for (String name : List.of("i2", "i3", "i4")) {
      running.add(start(name, Map.of(), record -> later(random, record)));
    }
    await()
        .atMost(SOON)
        .until(() -> running.stream().allMatch(e -> e.status().partitions().size() == 2));
    topics.publish(in(), values.subList(2_000, 4_000));
    running.subList(0, 2).forEach(engine -> stop(engine, Duration.ofSeconds(5)));
    topics.publish(in(), values.subList(4_000, 6_000));
    await()
        .atMost(SOON)
        .until(
            () ->
                running.subList(2, 4).stream().allMatch(e -> e.status().partitions().size() == 4));

    assertThat(outcomes(6_000)).containsExactlyInAnyOrderElementsOf(values);
  }

  private StreamSettings bounded(int metadataChars, int span) {
    StreamSettings usual = settings(broker.bootstrapServers(), "one", Map.of());
    return new StreamSettings(
        usual.clientProperties(),
        usual.groupId(),
        usual.instanceId(),
        usual.topics(),
        1_000,
        1 << 20,
        span,
        new OffsetMetadataSettings(metadataChars, OffsetEncoding.WIDE, Foreign.IGNORE),
        usual.commitInterval(),
        usual.drainTimeout(),
        0,
        null);
  }

  private void commitForeignMetadata(long offset) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(broker.clientProperties())) {
      admin
          .alterConsumerGroupOffsets(
              name,
              Map.of(new TopicPartition(in(), 0), new OffsetAndMetadata(offset, "somebody else")))
          .all()
          .get();
    }
  }

  private void createTopics(int partitions) {
    topics.create(
        List.of(new NewTopic(in(), partitions, (short) 1), new NewTopic(out(), 2, (short) 1)));
  }

  private String in() {
    return name + ".in";
  }

  private String out() {
    return name + ".out";
  }

  private static List<String> values(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private Result outcome(String value) {
    return Result.of(List.of(new ProducerRecord<>(out(), bytes(value), bytes(value))));
  }

  private Future<Result> later(Random random, ConsumerRecord<byte[], byte[]> record) {
    Promise<Result> promise = Promise.promise();
    long delay;
    synchronized (random) {
      delay = 1L + random.nextInt(random.nextInt(20) == 0 ? 200 : 20);
    }
    vertx.setTimer(delay, t -> promise.complete(outcome(text(record.value()))));
    return promise.future();
  }

  private List<String> outcomes(int count) {
    return topics.committed(out(), all -> all.size() >= count, SOON.plusSeconds(30)).stream()
        .map(record -> text(record.value()))
        .toList();
  }

  private StreamEngine start(
      String instance,
      Map<String, String> properties,
      Function<ConsumerRecord<byte[], byte[]>, Future<Result>> work) {
    return start(broker.bootstrapServers(), instance, properties, work);
  }

  private StreamEngine start(
      String bootstrapServers,
      String instance,
      Map<String, String> properties,
      Function<ConsumerRecord<byte[], byte[]>, Future<Result>> work) {
    return start(settings(bootstrapServers, instance, properties), work);
  }

  private StreamEngine start(
      StreamSettings settings, Function<ConsumerRecord<byte[], byte[]>, Future<Result>> work) {
    return startProcessor(settings, processor(work));
  }

  private StreamEngine startProcessor(StreamSettings settings, RecordProcessor processor) {
    Context context = vertx.getOrCreateContext();
    StreamEngine engine =
        StreamEngine.start(
            settings,
            processor,
            LateWorkSource.NONE,
            task -> context.runOnContext(v -> task.run()),
            StreamListener.NONE,
            Future.succeededFuture());
    engines.add(engine);
    return engine;
  }

  private StreamSettings settings(
      String bootstrapServers, String instance, Map<String, String> properties) {
    Map<String, String> client = new HashMap<>(properties);
    client.put("bootstrap.servers", bootstrapServers);
    return StreamSettings.of(client, name, instance, List.of(in()));
  }

  private static RecordProcessor processor(
      Function<ConsumerRecord<byte[], byte[]>, Future<Result>> work) {
    return record -> work(record, context -> work.apply(record));
  }

  private static RecordWork work(
      ConsumerRecord<byte[], byte[]> record, Function<WorkContext, Future<Result>> starting) {
    return new RecordWork() {
      @Override
      public String subject() {
        return text(record.key());
      }

      @Override
      public Future<ResultWriter> start(WorkContext context) {
        return starting.apply(context).map(result -> () -> result);
      }
    };
  }

  private static void stop(StreamEngine engine, Duration within) {
    engine.stop(within);
    await().atMost(SOON).until(() -> engine.terminated().isComplete());
    assertThat(engine.terminated().cause()).isNull();
  }

  private static StreamFailure failure(StreamEngine engine) {
    await().atMost(SOON).until(() -> engine.terminated().isComplete());
    assertThat(engine.terminated().failed()).isTrue();
    return (StreamFailure) engine.terminated().cause();
  }
}
