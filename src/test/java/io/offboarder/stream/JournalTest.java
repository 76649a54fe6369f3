package io.offboarder.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The journal, on a real broker,")
class JournalTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();
  private static Vertx vertx;
  private static final AtomicInteger TESTS = new AtomicInteger();

  private final List<StreamEngine> engines = new CopyOnWriteArrayList<>();
  private Topics topics;
  private String name;

  @BeforeAll
  static void startBroker() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopBroker() {
    vertx.close().await();
  }

  @BeforeEach
  void createTopics() {
    topics = new Topics(BROKER.bootstrapServers());
    name = "journal" + TESTS.incrementAndGet();
    topics.create(name + "-in", 1, Map.of());
    topics.create(name + "-out", 1, Map.of());
    topics.create(name, 1, Map.of("message.timestamp.type", "LogAppendTime"));
  }

  @AfterEach
  void stopEngines() {
    engines.forEach(engine -> engine.stop(Duration.ofSeconds(5)));
    await().atMost(SOON).until(() -> engines.stream().allMatch(e -> e.terminated().isComplete()));
  }

  @Test
  @DisplayName("hands what an attempt has noted to the next one, by another instance")
  void inherited() {
    publish("a", "b");
    List<Long> noted = new CopyOnWriteArrayList<>();
    StreamEngine first =
        start(
            "one",
            context ->
                context
                    .note("one was here".getBytes(UTF_8))
                    .compose(
                        at -> {
                          noted.add(at.journalOffset());
                          return Promise.<Void>promise().future();
                        }));
    await().atMost(SOON).until(() -> noted.size() == 2);
    stop(first, Duration.ofMillis(1));

    List<List<String>> found = new CopyOnWriteArrayList<>();
    start("two", context -> remember(context, found));

    outcomes(2);
    assertThat(found).hasSize(2).allMatch(List.of("one was here")::equals);
    assertThat(noted).doesNotHaveDuplicates().allMatch(offset -> offset >= 0);
  }

  @Test
  @DisplayName("hands nothing to work whose record is another")
  void anothers() {
    publish("a");
    start("one", context -> context.note("about a".getBytes(UTF_8)).mapEmpty());
    outcomes(1);
    List<List<String>> found = new CopyOnWriteArrayList<>();
    stop(engines.get(0), SOON);
    publish("b");

    start("two", context -> remember(context, found));

    outcomes(2);
    assertThat(found).containsExactly(List.of());
  }

  @Test
  @DisplayName("hands an attempt that failed to the next one here")
  void failed() {
    publish("a");
    List<List<String>> found = new CopyOnWriteArrayList<>();
    start(
        "one",
        context ->
            context.earlierNotes().isEmpty()
                ? context
                    .note("tried".getBytes(UTF_8))
                    .compose(at -> Future.failedFuture("on purpose"))
                : remember(context, found));
    outcomes(1);
    assertThat(found).containsExactly(List.of("tried"));
  }

  private static Future<Void> remember(WorkContext context, List<List<String>> found) {
    List<String> notes = new ArrayList<>();
    context.earlierNotes().forEach(note -> notes.add(new String(note, UTF_8)));
    found.add(notes);
    return Future.succeededFuture();
  }

  private void publish(String... values) {
    topics.publish(name + "-in", List.of(values));
  }

  private void outcomes(int count) {
    await().atMost(SOON).until(() -> topics.committed(name + "-out").size() == count);
  }

  private static void stop(StreamEngine engine, Duration within) {
    engine.stop(within);
    await().atMost(SOON).until(() -> engine.terminated().isComplete());
  }

  private StreamEngine start(String instance, Function<WorkContext, Future<Void>> work) {
    Context context = vertx.getOrCreateContext();
    StreamEngine engine =
        StreamEngine.start(
            StreamSettings.of(
                    Map.of("bootstrap.servers", BROKER.bootstrapServers()),
                    name,
                    instance,
                    List.of(name + "-in"))
                .withJournal(name),
            record ->
                new RecordWork() {
                  @Override
                  public String subject() {
                    return null;
                  }

                  @Override
                  public Future<ResultWriter> start(WorkContext attempt) {
                    return work.apply(attempt)
                        .map(
                            done ->
                                () ->
                                    Result.of(
                                        List.of(
                                            new ProducerRecord<>(
                                                name + "-out", record.key(), record.value()))));
                  }
                },
            LateWorkSource.NONE,
            task -> context.runOnContext(v -> task.run()),
            StreamListener.NONE,
            Future.succeededFuture());
    engines.add(engine);
    return engine;
  }
}
