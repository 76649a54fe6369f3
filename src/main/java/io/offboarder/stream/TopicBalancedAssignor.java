package io.offboarder.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;

/**
 * Assigns the partitions of each topic evenly by itself, so that no instance holds most of one
 * topic and one death stops no more than its share of it. Kafka's sticky assignors balance the sum
 * over all topics, and may give one member all partitions of one topic and another those of the
 * other.
 *
 * <p>Members keep what they own where balance allows. The protocol is cooperative: a partition that
 * changes hands is left out of the first assignment, so that its owner gives it up before another
 * gets it in the rebalance that follows.
 *
 * <p>Made by Kafka's consumer, by its class name. One thread at a time.
 */
public final class TopicBalancedAssignor implements ConsumerPartitionAssignor {

  /** An assignor. */
  public TopicBalancedAssignor() {}

  @Override
  public String name() {
    return "topic-balanced";
  }

  @Override
  public List<RebalanceProtocol> supportedProtocols() {
    return List.of(RebalanceProtocol.COOPERATIVE, RebalanceProtocol.EAGER);
  }

  @Override
  public GroupAssignment assign(Cluster cluster, GroupSubscription group) {
    Map<String, Subscription> members = new TreeMap<>(group.groupSubscription());
    Claims claims = Claims.of(members);
    Map<String, List<TopicPartition>> assigned = new HashMap<>();
    Map<String, Integer> shares = new HashMap<>();
    Map<String, List<String>> subscribers = new TreeMap<>();
    members.forEach(
        (member, subscription) -> {
          assigned.put(member, new ArrayList<>());
          shares.put(member, 0);
          for (String topic : subscription.topics()) {
            subscribers.computeIfAbsent(topic, none -> new ArrayList<>()).add(member);
          }
        });
    subscribers.forEach(
        (topic, interested) -> {
          Integer partitions = cluster.partitionCountForTopic(topic);
          if (partitions != null) {
            new TopicShare(topic, partitions, interested, claims, shares).assign(assigned);
          }
        });
    Map<String, Assignment> result = new HashMap<>();
    assigned.forEach((member, partitions) -> result.put(member, new Assignment(partitions)));
    return new GroupAssignment(result);
  }

  /**
   * What members say that they own.
   *
   * @param owners of each partition that its latest owner still claims
   * @param all partitions that any member has to give up before another may get them
   */
  private record Claims(Map<TopicPartition, String> owners, Set<TopicPartition> all) {

    /** Of two that claim a partition, the one of the later generation owns it, of equals none. */
    static Claims of(Map<String, Subscription> members) {
      int latest =
          members.values().stream().mapToInt(Claims::generation).max().orElse(Integer.MIN_VALUE);
      Map<TopicPartition, String> owners = new HashMap<>();
      Set<TopicPartition> all = new HashSet<>();
      Set<TopicPartition> disputed = new HashSet<>();
      members.forEach(
          (member, subscription) -> {
            all.addAll(subscription.ownedPartitions());
            if (generation(subscription) == latest) {
              for (TopicPartition partition : subscription.ownedPartitions()) {
                if (owners.put(partition, member) != null) {
                  disputed.add(partition);
                }
              }
            }
          });
      owners.keySet().removeAll(disputed);
      return new Claims(owners, all);
    }

    private static int generation(Subscription subscription) {
      return subscription.generationId().orElse(-1);
    }
  }

  /**
   * One topic's partitions.
   *
   * @param shares how many partitions each member has of the topics before; counts on
   */
  private record TopicShare(
      String topic,
      int partitions,
      List<String> members,
      Claims claims,
      Map<String, Integer> shares) {

    void assign(Map<String, List<TopicPartition>> assigned) {
      Map<String, List<TopicPartition>> owned = new HashMap<>();
      members.forEach(member -> owned.put(member, new ArrayList<>()));
      Set<Integer> free = new TreeSet<>();
      for (int number = 0; number < partitions; number++) {
        TopicPartition partition = new TopicPartition(topic, number);
        List<TopicPartition> ofOwner = owned.get(claims.owners().getOrDefault(partition, ""));
        if (ofOwner == null) {
          free.add(number);
        } else {
          ofOwner.add(partition);
        }
      }
      Map<String, Integer> room = quotas(owned);
      for (String member : members) {
        for (TopicPartition partition : owned.get(member)) {
          if (room.get(member) > 0) {
            room.merge(member, -1, Integer::sum);
            assigned.get(member).add(partition);
          } else {
            free.add(partition.partition());
          }
        }
      }
      for (int number : free) {
        String member = members.stream().max(Comparator.comparing(room::get)).orElseThrow();
        room.merge(member, -1, Integer::sum);
        TopicPartition partition = new TopicPartition(topic, number);
        if (!claims.all().contains(partition)) {
          assigned.get(member).add(partition);
        }
      }
    }

    /**
     * How many each member is to have. Those that get one more are those with the fewest so far, so
     * that the sum over all topics is even too; of equals, those that own most.
     */
    private Map<String, Integer> quotas(Map<String, List<TopicPartition>> owned) {
      List<String> order = new ArrayList<>(members);
      order.sort(
          Comparator.<String, Integer>comparing(shares::get)
              .thenComparing(member -> -owned.get(member).size()));
      Map<String, Integer> quotas = new HashMap<>();
      for (int i = 0; i < order.size(); i++) {
        int quota = partitions / order.size() + (i < partitions % order.size() ? 1 : 0);
        quotas.put(order.get(i), quota);
        shares.merge(order.get(i), quota, Integer::sum);
      }
      return quotas;
    }
  }
}
