package io.offboarder.stream;

import static io.offboarder.stream.EngineGroup.SOON;
import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.stream.StreamFailure.Reason;
import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The engine, where Kafka makes trouble of its own,")
class KafkaTroubleTest {
  private static EmbeddedBroker broker;
  private static int groups;

  private EngineGroup group;

  @BeforeAll
  static void startBroker() {
    // A broker looks for transactions that took too long every ten seconds, else.
    broker =
        EmbeddedBroker.start(
            Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void found() {
    group = new EngineGroup(broker.bootstrapServers(), "trouble-" + ++groups);
  }

  @AfterEach
  void close() {
    group.close();
  }

  @Test
  @DisplayName("publishes the same bytes again after a transaction that took too long")
  void transactionTimesOut() throws Exception {
    group.topics().create(group.in(), 1, Map.of());
    group.topics().publish(group.in(), values(0, 20));

    // Its first transaction waits for a topic that is not there.
    group.start(
        "one",
        Map.of("transaction.timeout.ms", "4000", "max.block.ms", "60000"),
        record -> Future.succeededFuture(group.outcome(text(record.value()))));
    try (Admin admin = Admin.create(broker.clientProperties())) {
      await().atMost(SOON).until(() -> state(admin) == TransactionState.ONGOING);
      await().atMost(SOON).until(() -> state(admin) == TransactionState.COMPLETE_ABORT);
    }
    group.topics().create(group.out(), 1, Map.of());

    assertThat(group.outcomes(20)).containsExactlyInAnyOrderElementsOf(values(0, 20));
    assertThat(group.works()).isEqualTo(20);
  }

  private TransactionState state(Admin admin) throws InterruptedException {
    String id = group.name() + "-one";
    try {
      return admin.describeTransactions(List.of(id)).all().get().get(id).state();
    } catch (ExecutionException noneYet) {
      return TransactionState.EMPTY;
    }
  }

  @Test
  @DisplayName("waits for a missing topic once in a transaction, not once for each record")
  void missingTopic() {
    group.topics().create(group.in(), 1, Map.of());
    group.topics().publish(group.in(), values(0, 100));
    StreamEngine engine =
        group.start(
            "one",
            Map.of("max.block.ms", "3000"),
            record -> Future.succeededFuture(group.outcome(text(record.value()))));

    await().atMost(SOON).until(() -> engine.status().problem().contains("publishing to Kafka"));
    group.topics().create(group.out(), 1, Map.of());
    assertThat(group.outcomes(100)).containsExactlyInAnyOrderElementsOf(values(0, 100));
  }

  @Test
  @DisplayName("waits while its outcome topic is gone, and repeats no work when it is back")
  void outcomeTopicGone() throws Exception {
    createTopics();
    StreamEngine engine = group.start("one", Map.of("max.block.ms", "1000"));
    group.topics().publish(group.in(), values(0, 5));
    group.outcomes(5);
    delete(group.out());
    group.topics().publish(group.in(), values(5, 10));
    await().atMost(SOON).until(() -> engine.status().problem().contains("publishing"));

    group.topics().create(group.out(), 1, Map.of());

    assertThat(group.outcomes(5)).containsExactlyInAnyOrderElementsOf(values(5, 10));
    assertThat(group.works()).isEqualTo(10);
    await().atMost(SOON).until(() -> engine.status().problem().isEmpty());
  }

  @Test
  @DisplayName("takes the records of an input topic that was deleted and made again for new ones")
  void inputTopicMadeAgain() throws Exception {
    createTopics();
    StreamEngine engine = group.start("one", Map.of("metadata.max.age.ms", "1000"));
    group.topics().publish(group.in(), values(0, 5));
    group.outcomes(5);
    delete(group.in());
    await().atMost(SOON).until(() -> engine.status().partitions().isEmpty());

    group.topics().create(group.in(), 1, Map.of());
    group.topics().publish(group.in(), values(5, 8));

    assertThat(group.outcomes(8)).containsExactlyInAnyOrderElementsOf(values(0, 8));
  }

  @Test
  @DisplayName("stops in one line where a result does not fit into its topic however short it is")
  void neverFits() {
    group.topics().create(group.in(), 1, Map.of());
    group.topics().create(group.out(), 1, Map.of("max.message.bytes", "2000"));
    group.topics().publish(group.in(), values(0, 1));

    StreamEngine engine =
        group.start(
            "one",
            Map.of(),
            record -> {
              String large = "x".repeat(3_000);
              return Future.succeededFuture(
                  new Result(group.outcome(large + large).records(), () -> group.outcome(large)));
            });

    StreamFailure failure = EngineGroup.failure(engine);
    assertThat(failure.reason()).isEqualTo(Reason.RESULT_TOO_LARGE);
    assertThat(failure)
        .hasMessageContaining(group.in() + "-0@0 is too large for its topic even when shortened");
    assertThat(failure.getMessage().lines()).hasSize(1);
    assertThat(group.topics().committed(group.out())).isEmpty();
  }

  private void createTopics() {
    group.topics().create(group.in(), 1, Map.of());
    group.topics().create(group.out(), 1, Map.of());
  }

  private static void delete(String topic) throws Exception {
    try (Admin admin = Admin.create(broker.clientProperties())) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
  }

  private static List<String> values(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }
}
