package io.offboarder.stream;

import static io.offboarder.testing.Topics.bytes;
import static io.offboarder.testing.Topics.text;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Engines of one group that repeat what comes in, with an input and an output topic of its own. */
final class EngineGroup implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(60);

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
    Map<String, String> client = new HashMap<>(properties);
    client.put("bootstrap.servers", bootstrapServers);
    Context context = vertx.getOrCreateContext();
    StreamEngine engine =
        StreamEngine.start(
            StreamSettings.of(client, name, instance, List.of(in())),
            record -> new Repeating(record, work),
            lateWork,
            task -> context.runOnContext(v -> task.run()),
            StreamListener.NONE,
            Future.succeededFuture());
    engines.add(engine);
    return engine;
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

  private Future<Result> later(ConsumerRecord<byte[], byte[]> record) {
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

  static StreamFailure failure(StreamEngine engine) {
    await().atMost(SOON).until(() -> engine.terminated().isComplete());
    return (StreamFailure) engine.terminated().cause();
  }

  @Override
  public void close() {
    engines.forEach(engine -> engine.stop(Duration.ofSeconds(5)));
    await().atMost(SOON).until(() -> engines.stream().allMatch(e -> e.terminated().isComplete()));
    vertx.close().await();
  }
}
