package io.offboarder.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Which topics there are, and making those that are missing. Every method blocks for at most the
 * settings' patience and throws {@link KafkaFailure}. May be used from any thread.
 */
public final class Topics implements AutoCloseable {
  private final KafkaSettings settings;
  private final Admin admin;

  private Topics(KafkaSettings settings, Admin admin) {
    this.settings = settings;
    this.admin = admin;
  }

  /**
   * Opens an administrative client; does not reach for a broker yet.
   *
   * @throws KafkaFailure if the client cannot work with the settings
   */
  public static Topics open(KafkaSettings settings) {
    Map<String, Object> client = new HashMap<>(settings.client());
    client.put("default.api.timeout.ms", client.get("request.timeout.ms"));
    try {
      return new Topics(settings, Admin.create(client));
    } catch (RuntimeException e) {
      throw KafkaFailure.of("connecting", settings, e);
    }
  }

  /** How many brokers the cluster has. */
  public int brokers() {
    return await("asking for the cluster", admin.describeCluster().nodes()).size();
  }

  /** The number of partitions of those of the topics that exist, by name. */
  public SortedMap<String, Integer> partitions(Collection<String> names) {
    SortedMap<String, Integer> found = new TreeMap<>();
    Map<String, KafkaFuture<TopicDescription>> answers =
        admin.describeTopics(List.copyOf(names)).topicNameValues();
    answers.forEach(
        (name, answer) ->
            unlessMissing(name, answer)
                .ifPresent(topic -> found.put(name, topic.partitions().size())));
    return found;
  }

  /** What somebody does with a topic. */
  public enum Access {
    /** Consuming it. */
    READ(AclOperation.READ),
    /** Publishing to it. */
    WRITE(AclOperation.WRITE);

    private final AclOperation operation;

    Access(AclOperation operation) {
      this.operation = operation;
    }
  }

  /** Those of the topics that exist but do not allow us this; none where Kafka does not tell. */
  public SortedSet<String> denied(Access access, Collection<String> names) {
    SortedSet<String> denied = new TreeSet<>();
    DescribeTopicsOptions options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
    admin
        .describeTopics(List.copyOf(names), options)
        .topicNameValues()
        .forEach(
            (name, answer) ->
                unlessMissing(name, answer)
                    .map(TopicDescription::authorizedOperations)
                    .filter(allowed -> !allowed.contains(access.operation))
                    .ifPresent(allowed -> denied.add(name)));
    return denied;
  }

  /**
   * Those of the topics whose records may decompress to more than this. A broker from before Kafka
   * 4.4 has no limit to set; none is named where Kafka does not tell.
   */
  public SortedSet<String> decompressingBeyond(long bytes, Collection<String> names) {
    return configuredSo(names, topic -> decompressesBeyond(bytes, topic));
  }

  /**
   * Those of the topics that Kafka compacts, alone or beside deleting: it keeps a key's last record
   * only, and takes none without a key. None is named where Kafka does not tell.
   */
  public SortedSet<String> compacted(Collection<String> names) {
    return cleanedUp(TopicConfig.CLEANUP_POLICY_COMPACT, names);
  }

  /**
   * Those of the topics from which Kafka deletes what is old, whether it compacts them or not. None
   * is named where Kafka does not tell.
   */
  public SortedSet<String> deleting(Collection<String> names) {
    return cleanedUp(TopicConfig.CLEANUP_POLICY_DELETE, names);
  }

  private SortedSet<String> cleanedUp(String policy, Collection<String> names) {
    return configuredSo(
        names, topic -> value(topic, TopicConfig.CLEANUP_POLICY_CONFIG).contains(policy));
  }

  /**
   * Those of the topics whose records have their senders' times; none where Kafka does not tell.
   */
  public SortedSet<String> timedBySenders(Collection<String> names) {
    return configuredSo(
        names,
        topic -> value(topic, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("CreateTime"));
  }

  /** Those of the topics that keep records for less than this; none where Kafka does not tell. */
  public SortedSet<String> keptForLessThan(Duration time, Collection<String> names) {
    return configuredSo(
        names,
        topic -> {
          String millis = value(topic, TopicConfig.RETENTION_MS_CONFIG);
          return millis.matches("\\d+") && Long.parseLong(millis) < time.toMillis();
        });
  }

  private static String value(Config topic, String setting) {
    ConfigEntry entry = topic.get(setting);
    return entry == null || entry.value() == null ? "" : entry.value();
  }

  private SortedSet<String> configuredSo(Collection<String> names, Predicate<Config> condition) {
    List<ConfigResource> topics =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    SortedSet<String> found = new TreeSet<>();
    admin
        .describeConfigs(topics)
        .values()
        .forEach(
            (topic, answer) -> {
              try {
                if (condition.test(answer.get())) {
                  found.add(topic.name());
                }
              } catch (ExecutionException notTold) {
                // What the topic allows is not this client's to know.
              } catch (InterruptedException e) {
                throw interrupted(e);
              }
            });
    return found;
  }

  private static boolean decompressesBeyond(long bytes, Config topic) {
    ConfigEntry limit = topic.get(TopicConfig.MAX_DECOMPRESSED_MESSAGE_BYTES_CONFIG);
    boolean compressed = !"uncompressed".equals(value(topic, TopicConfig.COMPRESSION_TYPE_CONFIG));
    return compressed && (limit == null || Long.parseLong(limit.value()) > bytes);
  }

  private Optional<TopicDescription> unlessMissing(
      String name, KafkaFuture<TopicDescription> answer) {
    try {
      return Optional.of(answer.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw KafkaFailure.of("looking for the topic " + name, settings, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Makes a topic and waits until its partitions are seen; one that somebody else made meanwhile is
   * fine. Where an older broker does not know what records may decompress to, the topic is made
   * without that; where the cluster's policy refuses the plan's settings, without all of them.
   *
   * @return whether it was made here, and how
   */
  public Creation create(TopicPlan plan) {
    Creation creation;
    try {
      creation = createAsFarAsKnown(plan);
    } catch (ExecutionException e) {
      throw KafkaFailure.of("creating the topic " + plan.name(), settings, e);
    }
    awaitPartitions(plan.name());
    return creation;
  }

  private Creation createAsFarAsKnown(TopicPlan plan) throws ExecutionException {
    Map<String, String> known = new HashMap<>(plan.config());
    boolean mayBeNew = known.remove(TopicPlan.DECOMPRESSED_BYTES) != null;
    try {
      return create(plan, plan.config()) ? Creation.AS_PLANNED : Creation.EXISTED;
    } catch (ExecutionException e) {
      requireRefused(e);
    }
    try {
      if (mayBeNew) {
        return create(plan, known) ? Creation.AS_PLANNED : Creation.EXISTED;
      }
    } catch (ExecutionException e) {
      requireRefused(e);
    }
    return create(plan, Map.of()) ? Creation.WITH_BROKER_DEFAULTS : Creation.EXISTED;
  }

  /** Throws what failed on, unless it was the settings that were refused. */
  private static void requireRefused(ExecutionException e) throws ExecutionException {
    if (!(e.getCause() instanceof PolicyViolationException)
        && !(e.getCause() instanceof InvalidConfigurationException)) {
      throw e;
    }
  }

  /** How a topic came to be. */
  public enum Creation {
    /** It was made with the plan's settings. */
    AS_PLANNED,
    /** It was made, but the cluster refused the plan's settings. */
    WITH_BROKER_DEFAULTS,
    /** It was there already. */
    EXISTED
  }

  private boolean create(TopicPlan plan, Map<String, String> config) throws ExecutionException {
    NewTopic topic =
        new NewTopic(plan.name(), Optional.of(plan.partitions()), Optional.empty()).configs(config);
    try {
      admin.createTopics(List.of(topic)).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** A broker may answer for a while as if a new topic were not there. */
  private void awaitPartitions(String name) {
    long deadline = System.nanoTime() + settings.patience().toNanos();
    while (partitions(List.of(name)).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new KafkaFailure(
            KafkaFailure.Kind.UNREACHABLE,
            "Kafka at "
                + settings.bootstrapServers()
                + " has created the topic "
                + name
                + " but does not show it within "
                + settings.patience().toSeconds()
                + " s");
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private <T> T await(String activity, KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw KafkaFailure.of(activity, settings, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static KafkaFailure interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new KafkaFailure(KafkaFailure.Kind.OTHER, "interrupted while waiting for Kafka", e);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
