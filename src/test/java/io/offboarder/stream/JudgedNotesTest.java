package io.offboarder.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Notes that a judge decides about, on a real broker,")
class JudgedNotesTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int LIMIT = 7;
  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();
  private static Vertx vertx;
  private static final AtomicInteger TESTS = new AtomicInteger();

  private final List<StreamEngine> engines = new CopyOnWriteArrayList<>();
  private final List<String> gone = new CopyOnWriteArrayList<>();
  private final List<String> held = new CopyOnWriteArrayList<>();
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
    name = "judged" + TESTS.incrementAndGet();
    topics.create(name + "-in", 6, Map.of());
    topics.create(name + "-out", 1, Map.of());
    topics.create(name, 1, Map.of("message.timestamp.type", "LogAppendTime"));
  }

  @AfterEach
  void stopEngines() {
    engines.forEach(engine -> engine.stop(Duration.ofSeconds(5)));
    await().atMost(SOON).until(() -> engines.stream().allMatch(e -> e.terminated().isComplete()));
  }

  @Test
  @DisplayName("go to the limit and no further, whichever instances write them")
  void together() {
    publish(0, 60);
    start("one", new First(LIMIT));
    start("two", new First(LIMIT));
    start("three", new First(LIMIT));

    outcomes(60);

    assertThat(gone).doesNotHaveDuplicates().hasSize(LIMIT);
    assertThat(held).hasSize(60 - LIMIT);
  }

  @Test
  @DisplayName("are counted by an instance that comes later and knows nothing")
  void later() {
    publish(0, 5);
    stop(start("one", new First(LIMIT)), 5);
    publish(5, 20);

    start("two", new First(LIMIT));

    outcomes(20);
    assertThat(gone).doesNotHaveDuplicates().hasSize(LIMIT);
  }

  @Test
  @DisplayName("wait for what a judge says at the beginning, and all judges hear it")
  void announced() {
    First first = new First(LIMIT);
    start("one", first);
    First second = new First(LIMIT);
    second.says = "no more than two".getBytes(UTF_8);
    StreamEngine speaks = start("two", second);
    await().atMost(SOON).until(() -> first.limit == 2 && second.limit == 2);

    publish(0, 20);

    outcomes(20);
    assertThat(gone).hasSize(2);
    assertThat(speaks.announce("no more than nine".getBytes(UTF_8))).isNotNull();
    await().atMost(SOON).until(() -> first.limit == 9 && second.limit == 9);
  }

  /** Lets the first ones go. */
  private static final class First implements NoteJudge {
    private final Set<String> all = new LinkedHashSet<>();
    private volatile int limit;
    private volatile byte[] says;

    First(int limit) {
      this.limit = limit;
    }

    @Override
    public Duration memory() {
      return Duration.ofHours(1);
    }

    @Override
    public void begin(long offset, Instant from) {
      all.clear();
    }

    @Override
    public boolean mayGo(long offset, Instant at, byte[] note) {
      String text = new String(note, UTF_8);
      return all.contains(text) || (all.size() < limit && all.add(text));
    }

    @Override
    public void announced(long offset, Instant at, byte[] announcement) {
      limit = new String(announcement, UTF_8).endsWith("two") ? 2 : 9;
      says = null;
    }

    @Override
    public byte[] announcement() {
      return says;
    }
  }

  private void publish(int from, int to) {
    topics.publish(name + "-in", IntStream.range(from, to).mapToObj(i -> "person" + i).toList());
  }

  private void outcomes(int count) {
    await().atMost(SOON).until(() -> topics.committed(name + "-out").size() == count);
  }

  private void stop(StreamEngine engine, int outcomes) {
    outcomes(outcomes);
    engine.stop(SOON);
    await().atMost(SOON).until(() -> engine.terminated().isComplete());
  }

  private StreamEngine start(String instance, NoteJudge judge) {
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
                    return attempt
                        .note(record.value())
                        .map(
                            noted -> {
                              (noted.mayGo() ? gone : held).add(new String(record.value(), UTF_8));
                              return () ->
                                  Result.of(
                                      List.of(
                                          new ProducerRecord<>(
                                              name + "-out", record.key(), record.value())));
                            });
                  }
                },
            LateWorkSource.NONE,
            judge,
            task -> context.runOnContext(v -> task.run()),
            StreamListener.NONE,
            Future.succeededFuture());
    engines.add(engine);
    return engine;
  }
}
