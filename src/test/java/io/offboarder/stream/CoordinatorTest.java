package io.offboarder.stream;

import static io.offboarder.stream.EngineGroup.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.EmbeddedBroker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The engine, on a cluster of three brokers,")
class CoordinatorTest {
  private static final short EVERYWHERE = 3;
  private static final int BATCH = 300;

  private List<EmbeddedBroker> brokers;
  private String servers;
  private Admin admin;

  @BeforeEach
  void startBrokers() {
    brokers = EmbeddedBroker.cluster(EVERYWHERE);
    servers =
        brokers.stream().map(EmbeddedBroker::bootstrapServers).collect(Collectors.joining(","));
    admin = Admin.create(Map.of("bootstrap.servers", servers));
  }

  @AfterEach
  void stopBrokers() {
    admin.close();
    // The controller last: the others say good-bye to it.
    for (int i = brokers.size() - 1; i >= 0; i--) {
      brokers.get(i).close();
    }
  }

  @Test
  @DisplayName(
      "publishes one outcome per record while the coordinators of its group and of its transactions"
          + " go from broker to broker")
  void coordinatorsMove() throws Exception {
    try (EngineGroup group = new EngineGroup(servers, "moving")) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(group.in(), 4, EVERYWHERE),
                  new NewTopic(group.out(), 2, EVERYWHERE)))
          .all()
          .get();
      List<StreamEngine> engines =
          List.of(group.start("one", Map.of()), group.start("two", Map.of()));
      publish(group, 0);
      group.outcomes(BATCH);

      leadCoordinatorsBy(2);
      publish(group, 1);
      brokers.get(1).stop();
      publish(group, 2);
      group.outcomes(3 * BATCH);
      assertThat(coordinators()).isNotEmpty().doesNotContain(2);
      brokers.get(1).restart();

      leadCoordinatorsBy(3);
      publish(group, 3);
      brokers.get(2).stop();
      publish(group, 4);
      List<String> outcomes = group.outcomes(5 * BATCH);
      assertThat(coordinators()).isNotEmpty().doesNotContain(3);
      brokers.get(2).restart();

      assertThat(outcomes)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 5 * BATCH).mapToObj(Integer::toString).toList());
      assertThat(engines).noneMatch(engine -> engine.terminated().isComplete());
    }
  }

  private static void publish(EngineGroup group, int batch) {
    group
        .topics()
        .publish(
            group.in(),
            IntStream.range(batch * BATCH, (batch + 1) * BATCH)
                .mapToObj(Integer::toString)
                .toList());
  }

  /** Makes one broker the coordinator of everything. */
  private void leadCoordinatorsBy(int broker) throws Exception {
    await().atMost(SOON).until(this::areAllInSync);
    List<Integer> order = new ArrayList<>(List.of(broker));
    IntStream.rangeClosed(1, EVERYWHERE).filter(id -> id != broker).forEach(order::add);
    Map<TopicPartition, Optional<NewPartitionReassignment>> orders = new HashMap<>();
    internal()
        .keySet()
        .forEach(id -> orders.put(id, Optional.of(new NewPartitionReassignment(order))));
    admin.alterPartitionReassignments(orders).all().get();
    await()
        .atMost(SOON)
        .until(
            () -> {
              admin.electLeaders(ElectionType.PREFERRED, orders.keySet()).partitions().get();
              return coordinators().equals(Set.of(broker));
            });
  }

  private boolean areAllInSync() throws Exception {
    return internal().values().stream().allMatch(one -> one.isr().size() == EVERYWHERE);
  }

  /** The brokers that coordinate any group or transaction. */
  private Set<Integer> coordinators() throws Exception {
    Set<Integer> ids = new HashSet<>();
    internal().values().forEach(one -> ids.add(one.leader() == null ? -1 : one.leader().id()));
    return ids;
  }

  private Map<TopicPartition, TopicPartitionInfo> internal()
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, TopicPartitionInfo> all = new HashMap<>();
    admin
        .describeTopics(
            List.of("__consumer_offsets", "__transaction_state"), new DescribeTopicsOptions())
        .allTopicNames()
        .get()
        .forEach(
            (topic, description) ->
                description
                    .partitions()
                    .forEach(one -> all.put(new TopicPartition(topic, one.partition()), one)));
    return all;
  }
}
