package io.offboarder.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group as Kafka sees it from outside; looking leaves no trace. Every method blocks for
 * at most the settings' patience per request and throws {@link KafkaFailure}.
 */
public final class ConsumerGroup implements AutoCloseable {
  private final KafkaSettings settings;
  private final String groupId;
  private final Admin admin;

  private ConsumerGroup(KafkaSettings settings, String groupId, Admin admin) {
    this.settings = settings;
    this.groupId = groupId;
    this.admin = admin;
  }

  /**
   * A member.
   *
   * @param name its client's id, which is the instance's name
   * @param host where it connects from
   * @param partitions the numbers of those that it owns, by topic
   */
  public record Member(String name, String host, SortedMap<String, List<Integer>> partitions) {}

  /**
   * A partition with records beyond the committed offset.
   *
   * @param committed the next offset to finish
   * @param records from there to the end; some may be finished already
   */
  public record Backlog(String topic, int partition, long committed, long records) {}

  /** The members and the state that Kafka calls the group's. */
  public record Members(String state, List<Member> members) {}

  /**
   * Opens an administrative client; does not reach for a broker yet.
   *
   * @throws KafkaFailure if the client cannot work with the settings
   */
  public static ConsumerGroup open(KafkaSettings settings, String groupId) {
    Map<String, Object> client = new HashMap<>(settings.client());
    client.put("default.api.timeout.ms", client.get("request.timeout.ms"));
    try {
      return new ConsumerGroup(settings, groupId, Admin.create(client));
    } catch (RuntimeException e) {
      throw KafkaFailure.of("connecting", settings, e);
    }
  }

  /** Who is in the group; nobody where Kafka knows no such group. */
  public Members members() {
    ConsumerGroupDescription group =
        await(
            "describing the group " + groupId,
            admin.describeConsumerGroups(List.of(groupId)).describedGroups().get(groupId));
    if (group == null) {
      return new Members("unknown", List.of());
    }
    List<Member> members =
        group.members().stream()
            .map(ConsumerGroup::member)
            .sorted(Comparator.comparing(Member::name))
            .toList();
    return new Members(group.groupState().toString().toLowerCase(Locale.ROOT), members);
  }

  private static Member member(MemberDescription one) {
    SortedMap<String, List<Integer>> partitions = new TreeMap<>();
    for (TopicPartition owned : one.assignment().topicPartitions()) {
      partitions.computeIfAbsent(owned.topic(), t -> new ArrayList<>()).add(owned.partition());
    }
    partitions.values().forEach(numbers -> numbers.sort(Comparator.naturalOrder()));
    return new Member(one.clientId(), one.host().replace("/", ""), partitions);
  }

  /** What waits in these topics. One that does not exist has nothing. */
  public List<Backlog> backlog(Collection<String> topics) {
    Map<TopicPartition, OffsetAndMetadata> committed =
        await(
            "reading the group's offsets",
            admin.listConsumerGroupOffsets(groupId).partitionsToOffsetAndMetadata());
    List<TopicPartition> partitions = partitions(topics);
    Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
    Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
    return partitions.stream()
        .map(
            one -> {
              OffsetAndMetadata at = committed == null ? null : committed.get(one);
              long start = starts.getOrDefault(one, 0L);
              long next = at == null ? start : Math.max(start, at.offset());
              return new Backlog(
                  one.topic(), one.partition(), next, ends.getOrDefault(one, next) - next);
            })
        .filter(one -> one.records() > 0)
        .toList();
  }

  private List<TopicPartition> partitions(Collection<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    admin
        .describeTopics(new TreeSet<>(topics))
        .topicNameValues()
        .forEach(
            (name, answer) -> {
              TopicDescription topic = await("looking for the topic " + name, answer);
              if (topic != null) {
                topic
                    .partitions()
                    .forEach(one -> partitions.add(new TopicPartition(name, one.partition())));
              }
            });
    return partitions;
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(Function.identity(), one -> which));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        await("asking for the topics' ends", admin.listOffsets(asked).all());
    Map<TopicPartition, Long> offsets = new HashMap<>();
    if (found != null) {
      found.forEach((partition, info) -> offsets.put(partition, info.offset()));
    }
    return offsets;
  }

  /** Null where Kafka knows no such group or topic. */
  private <T> @Nullable T await(String activity, KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      KafkaFailure failure = KafkaFailure.of(activity, settings, e);
      if (e.getCause() instanceof GroupIdNotFoundException
          || failure.kind() == KafkaFailure.Kind.TOPIC_MISSING) {
        return null;
      }
      throw failure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaFailure(KafkaFailure.Kind.OTHER, "interrupted while waiting for Kafka", e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
