package io.offboarder.stream;

import static io.offboarder.testing.Topics.bytes;
import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.Topics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Engines of one group that repeat what comes in, with an input and an output topic of its own. */
final class EngineGroup implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(90);

  private final Vertx vertx = Vertx.vertx();
  private final List<StreamEngine> engines = new CopyOnWriteArrayList<>();
  private final AtomicInteger works = new AtomicInteger();
  private final String bootstrapServers;
  private final String name;
  private final Topics topics;

  EngineGroup(String bootstrapServers, String name) {
    this.bootstrapServers = bootstrapServers;
    this.name = name;
    this.topics = new Topics(bootstrapServers);
  }

  Vertx vertx() {
    return vertx;
  }

  String name() {
    return name;
  }

  String in() {
    return name + ".in";
  }

  String out() {
    return name + ".out";
  }

  Topics topics() {
    return topics;
  }

  /** Makes the input topic and the output topic. */
  void createTopics(int partitions) {
    topics.create(
        List.of(new NewTopic(in(), partitions, (short) 1), new NewTopic(out(), 2, (short) 1)));
  }

  /** How often work was begun. */
  int works() {
    return works.get();
  }

  /** An engine whose work takes a moment. */
  StreamEngine start(String instance, Map<String, String> properties) {
    return start(instance, properties, this::later);
  }

  StreamEngine start(
      String instance,
      Map<String, String> properties,
      Function<ConsumerRecord<byte[], byte[]>, Future<Result>> work) {
    return start(instance, properties, work, LateWorkSource.NONE);
  }

  StreamEngine start(
      String instance,
      Map<String, String> properties,
      Function<ConsumerRecord<byte[], byte[]>, Future<Result>> work,
      LateWorkSource lateWork) {
    return start(settings(instance, properties), repeating(work), lateWork);
  }

  StreamEngine start(
      StreamSettings settings, Function<ConsumerRecord<byte[], byte[]>, Future<Result>> work) {
    return start(settings, repeating(work), LateWorkSource.NONE);
  }

  StreamEngine startProcessor(StreamSettings settings, RecordProcessor processor) {
    return start(settings, processor, LateWorkSource.NONE);
  }

  private StreamEngine start(
      StreamSettings settings, RecordProcessor processor, LateWorkSource lateWork) {
    Context context = vertx.getOrCreateContext();
    StreamEngine engine =
        StreamEngine.start(
            settings,
            processor,
            lateWork,
            task -> context.runOnContext(v -> task.run()),
            StreamListener.NONE,
            Future.succeededFuture());
    engines.add(engine);
    return engine;
  }

  /** Settings that are usual but for these of the client's. */
  StreamSettings settings(String instance, Map<String, String> properties) {
    Map<String, String> client = new HashMap<>(properties);
    client.put("bootstrap.servers", bootstrapServers);
    return StreamSettings.of(client, name, instance, List.of(in()));
  }

  /** The same with these bounds. */
  StreamSettings bounded(int records, int span, OffsetMetadataSettings metadata) {
    return bounded(records, span, metadata, Map.of());
  }

  StreamSettings bounded(
      int records, int span, OffsetMetadataSettings metadata, Map<String, String> properties) {
    StreamSettings usual = settings("one", properties);
    return new StreamSettings(
        usual.clientProperties(),
        usual.groupId(),
        usual.instanceId(),
        usual.topics(),
        records,
        1 << 20,
        span,
        metadata,
        usual.commitInterval(),
        usual.drainTimeout(),
        0,
        null,
        null);
  }

  RecordProcessor repeating(Function<ConsumerRecord<byte[], byte[]>, Future<Result>> work) {
    return record -> new Repeating(record, work);
  }

  private final class Repeating implements RecordWork {
    private final ConsumerRecord<byte[], byte[]> record;
    private final Function<ConsumerRecord<byte[], byte[]>, Future<Result>> work;

    Repeating(
        ConsumerRecord<byte[], byte[]> record,
        Function<ConsumerRecord<byte[], byte[]>, Future<Result>> work) {
      this.record = record;
      this.work = work;
    }

    @Override
    public String subject() {
      return text(record.key());
    }

    @Override
    public Future<ResultWriter> start(WorkContext context) {
      works.incrementAndGet();
      return work.apply(record).map(result -> () -> result);
    }
  }

  Result outcome(String value) {
    return Result.of(List.of(new ProducerRecord<>(out(), bytes(value), bytes(value))));
  }

  /** Work that has ended when it begins. */
  Future<Result> atOnce(ConsumerRecord<byte[], byte[]> record) {
    return Future.succeededFuture(outcome(text(record.value())));
  }

  Future<Result> later(ConsumerRecord<byte[], byte[]> record) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Promise<Result> promise = Promise.promise();
    long delay = 1L + random.nextInt(random.nextInt(20) == 0 ? 200 : 20);
    vertx.setTimer(delay, t -> promise.complete(outcome(text(record.value()))));
    return promise.future();
  }

  List<String> outcomes(int count) {
    return topics.committed(out(), all -> all.size() >= count, SOON).stream()
        .map(record -> text(record.value()))
        .toList();
  }

  /** So many values that differ. */
  static List<String> values(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  /** Stops an engine, which ends well. */
  static void stop(StreamEngine engine, Duration within) {
    engine.stop(within);
    await().atMost(SOON).until(() -> engine.terminated().isComplete());
    assertThat(engine.terminated().cause()).isNull();
  }

  /** Why an engine ended. */
  static StreamFailure failure(StreamEngine engine) {
    await().atMost(SOON).until(() -> engine.terminated().isComplete());
    assertThat(engine.terminated().failed()).isTrue();
    return (StreamFailure) engine.terminated().cause();
  }

  @Override
  public void close() {
    engines.forEach(engine -> engine.stop(Duration.ofSeconds(5)));
    await().atMost(SOON).until(() -> engines.stream().allMatch(e -> e.terminated().isComplete()));
    vertx.close().await();
  }
}
