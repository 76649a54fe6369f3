package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The assignor")
class TopicBalancedAssignorTest {
  private final Map<String, Integer> topics = new TreeMap<>();
  private final Map<String, Set<TopicPartition>> owned = new TreeMap<>();
  private final Map<String, Integer> generations = new HashMap<>();
  private int generation;

  @Test
  @DisplayName("gives every member its share of each topic, and not only of the sum")
  void eachTopicByItself() {
    topics.putAll(Map.of("hr.app-decommissioned", 12, "hr.user-terminated", 12));
    join("a", "b", "c");

    rebalanceUntilStable();

    for (String topic : topics.keySet()) {
      assertThat(List.of(share("a", topic), share("b", topic), share("c", topic))).containsOnly(4);
    }
  }

  @Test
  @DisplayName("spreads what a dead member had, and leaves the others what they have")
  void death() {
    topics.putAll(Map.of("one", 7, "two", 5));
    join("a", "b", "c");
    rebalanceUntilStable();
    Map<String, Set<TopicPartition>> before = copy(owned);

    leave("b");
    rebalance();

    assertThat(owned.get("a")).containsAll(before.get("a"));
    assertThat(owned.get("c")).containsAll(before.get("c"));
    assertThat(owned.get("a").size() + owned.get("c").size()).isEqualTo(12);
  }

  @Test
  @DisplayName("gives a partition that two members claim to neither, until both have given it up")
  void disputed() {
    topics.put("one", 2);
    join("a", "b");
    TopicPartition disputed = new TopicPartition("one", 0);
    generation = 5;
    owned.replaceAll((member, none) -> new HashSet<>(Set.of(disputed)));
    generations.replaceAll((member, none) -> 5);

    rebalance();

    assertThat(owned.values()).noneMatch(all -> all.contains(disputed));
    rebalanceUntilStable();
    assertThat(owned.values()).allMatch(all -> all.size() == 1);
  }

  @Test
  @DisplayName("believes the member of the later generation")
  void staleClaim() {
    topics.put("one", 2);
    join("a", "b");
    generation = 5;
    owned.put("a", new HashSet<>(Set.of(new TopicPartition("one", 0))));
    generations.put("a", 4);
    owned.put("b", new HashSet<>(Set.of(new TopicPartition("one", 0))));
    generations.put("b", 5);

    rebalance();

    assertThat(owned.get("b")).contains(new TopicPartition("one", 0));
  }

  @Test
  @DisplayName(
      "however members come and go, ends up balanced by topic and in sum, moves nothing without"
          + " need, and never gives away what another has not given up")
  void anyGroup() {
    for (int seed = 0; seed < 3_000; seed++) {
      new TopicBalancedAssignorTest().anyGroup(new Random(seed), seed);
    }
  }

  private void anyGroup(Random random, int seed) {
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      topics.put("t" + i, 1 + random.nextInt(13));
    }
    int members = 0;
    for (int change = 0; change < 6; change++) {
      if (owned.size() < 2 || random.nextInt(3) > 0) {
        join("m" + random.nextInt(100) + "-" + members++);
      } else {
        List<String> all = List.copyOf(owned.keySet());
        leave(all.get(random.nextInt(all.size())));
      }
      if (random.nextInt(3) > 0) {
        assertThat(rebalanceUntilStable()).as("rounds; seed %d", seed).isLessThanOrEqualTo(4);
        topics.forEach(
            (topic, partitions) -> {
              List<Integer> shares = owned.keySet().stream().map(m -> share(m, topic)).toList();
              assertEven(shares, partitions, "seed " + seed + ", " + topic);
            });
        List<Integer> sums = owned.values().stream().map(Set::size).toList();
        int all = topics.values().stream().mapToInt(Integer::intValue).sum();
        assertEven(sums, all, "seed " + seed + ", sums");
      } else {
        rebalance();
      }
    }
  }

  private static void assertEven(List<Integer> shares, int all, String what) {
    assertThat(shares.stream().mapToInt(Integer::intValue).sum()).as(what).isEqualTo(all);
    int most = shares.stream().max(Comparator.naturalOrder()).orElseThrow();
    int least = shares.stream().min(Comparator.naturalOrder()).orElseThrow();
    assertThat(most - least).as("%s: %s", what, shares).isLessThanOrEqualTo(1);
  }

  private void join(String... members) {
    for (String member : members) {
      owned.put(member, new HashSet<>());
      generations.put(member, -1);
    }
  }

  private void leave(String member) {
    owned.remove(member);
    generations.remove(member);
  }

  private int share(String member, String topic) {
    return (int) owned.get(member).stream().filter(p -> p.topic().equals(topic)).count();
  }

  /** How many rebalances it takes until one changes nothing. */
  private int rebalanceUntilStable() {
    for (int rounds = 1; ; rounds++) {
      Map<String, Set<TopicPartition>> before = copy(owned);
      rebalance();
      if (owned.equals(before)) {
        return rounds;
      }
      assertThat(rounds).isLessThan(10);
    }
  }

  /** A rebalance, in which every member gives up at once what it is not assigned any more. */
  private void rebalance() {
    Map<String, Subscription> subscriptions = new HashMap<>();
    owned.forEach(
        (member, partitions) ->
            subscriptions.put(
                member,
                new Subscription(
                    List.copyOf(topics.keySet()),
                    null,
                    List.copyOf(partitions),
                    generations.get(member),
                    Optional.empty())));
    Map<String, Assignment> assigned =
        new TopicBalancedAssignor()
            .assign(cluster(), new GroupSubscription(subscriptions))
            .groupAssignment();
    assertThat(assigned.keySet()).isEqualTo(owned.keySet());
    List<TopicPartition> all =
        assigned.values().stream().flatMap(one -> one.partitions().stream()).toList();
    assertThat(all).doesNotHaveDuplicates();
    generation++;
    assigned.forEach(
        (member, assignment) -> {
          for (TopicPartition partition : assignment.partitions()) {
            if (!owned.get(member).contains(partition)) {
              assertThat(owned.values()).noneMatch(theirs -> theirs.contains(partition));
            }
          }
        });
    assigned.forEach(
        (member, assignment) -> {
          owned.put(member, new HashSet<>(assignment.partitions()));
          generations.put(member, generation);
        });
  }

  private Cluster cluster() {
    Node node = new Node(1, "localhost", 9092);
    List<PartitionInfo> partitions = new ArrayList<>();
    topics.forEach(
        (topic, count) ->
            IntStream.range(0, count)
                .forEach(
                    number ->
                        partitions.add(
                            new PartitionInfo(
                                topic, number, node, new Node[] {node}, new Node[] {node}))));
    return new Cluster("cluster", List.of(node), partitions, Set.of(), Set.of());
  }

  private static Map<String, Set<TopicPartition>> copy(Map<String, Set<TopicPartition>> of) {
    Map<String, Set<TopicPartition>> copy = new TreeMap<>();
    of.forEach((member, partitions) -> copy.put(member, Set.copyOf(partitions)));
    return copy;
  }
}
