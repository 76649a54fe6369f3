package io.offboarder.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/**
 * How an engine runs.
 *
 * @param clientProperties given through to every Kafka client; none that is {@linkplain
 *     ReservedKafkaProperties reserved}
 * @param groupId the consumer group
 * @param instanceId the stable name of this instance: with the group it makes the transactional id,
 *     so that a restart ends the transaction that a crash left open
 * @param topics to consume
 * @param maxRecordsInFlight bound on the records whose work has begun and whose result is not yet
 *     committed, late work included; a quarter of them may be that
 * @param maxBytesInFlight bound on what all admitted records hold in memory, those included that
 *     wait for an earlier one of their subject; one record is always admitted. Each counts about 2
 *     KiB beside its key, value and headers
 * @param maxSpanPerPartition how many offsets a partition may run ahead of its oldest unfinished
 *     record
 * @param offsetMetadata how the finished records beyond an offset are written
 * @param commitInterval how far apart transactions begin, at least: a result may wait so long to be
 *     published, while work goes on. The first one after a pause does not wait
 * @param drainTimeout how long a partition that is taken away waits for its running work
 * @param livenessPort where other instances of the group see whether this one lives; 0 for any free
 *     port
 * @param journal the topic that work takes its notes in, with one partition; null for no notes
 * @param lateWorkTopic the compacted topic, with one partition, from which late work is read and
 *     whose readers make nothing of a tombstone for {@link #NO_KEY}; null where there is none
 */
public record StreamSettings(
    Map<String, String> clientProperties,
    String groupId,
    String instanceId,
    List<String> topics,
    int maxRecordsInFlight,
    long maxBytesInFlight,
    int maxSpanPerPartition,
    OffsetMetadataSettings offsetMetadata,
    Duration commitInterval,
    Duration drainTimeout,
    int livenessPort,
    @Nullable String journal,
    @Nullable String lateWorkTopic) {

  /** The key of tombstones that end nothing but a transaction. */
  public static final String NO_KEY = "end-of-transaction";

  static final int MAX_POLL_RECORDS = 100;

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException if a bound is not positive, there is no topic, or a client
   *     property is {@linkplain ReservedKafkaProperties reserved}
   */
  public StreamSettings {
    clientProperties = Map.copyOf(clientProperties);
    clientProperties.forEach(
        (name, value) ->
            ReservedKafkaProperties.refusal(name, value)
                .ifPresent(
                    reason -> {
                      throw new IllegalArgumentException(
                          "the Kafka property " + name + " cannot be set: it " + reason);
                    }));
    topics = List.copyOf(topics);
    if (topics.isEmpty()) {
      throw new IllegalArgumentException("no topic to consume");
    }
    if (maxRecordsInFlight < 1 || maxBytesInFlight < 1 || maxSpanPerPartition < 1) {
      throw new IllegalArgumentException("the bounds on records in flight must be positive");
    }
    if (commitInterval.isNegative()) {
      throw new IllegalArgumentException(
          "the commit interval must not be negative, was " + commitInterval);
    }
  }

  /** The usual bounds for these topics. */
  public static StreamSettings of(
      Map<String, String> clientProperties,
      String groupId,
      String instanceId,
      List<String> topics) {
    OffsetMetadataSettings metadata = OffsetMetadataSettings.defaults();
    return new StreamSettings(
        clientProperties,
        groupId,
        instanceId,
        topics,
        1000,
        64L << 20,
        metadata.capacity(),
        metadata,
        Duration.ofMillis(25),
        Duration.ofSeconds(3),
        0,
        null,
        null);
  }

  /** The same with a journal. */
  public StreamSettings withJournal(String topic) {
    return new StreamSettings(
        clientProperties,
        groupId,
        instanceId,
        topics,
        maxRecordsInFlight,
        maxBytesInFlight,
        maxSpanPerPartition,
        offsetMetadata,
        commitInterval,
        drainTimeout,
        livenessPort,
        topic,
        lateWorkTopic);
  }

  /** How many records without a committed result a partition's owner may have read, at most. */
  int readAhead() {
    int polled =
        Integer.parseInt(
            clientProperties.getOrDefault(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(MAX_POLL_RECORDS)));
    long inFlight = maxRecordsInFlight + maxBytesInFlight / InFlightRecord.RECORD_BYTES;
    return (int) Math.min(Integer.MAX_VALUE, inFlight + 2L * polled);
  }

  /** The group protocol to begin with. */
  KafkaClients.GroupProtocol groupProtocol() {
    return "consumer".equalsIgnoreCase(clientProperties.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))
        ? KafkaClients.GroupProtocol.CONSUMER
        : KafkaClients.GroupProtocol.CLASSIC;
  }

  /** The transactional id: the same for the same instance of the same group. */
  String transactionalId() {
    return transactionalId(instanceId);
  }

  /** The transactional id of an instance of the group. */
  String transactionalId(String instance) {
    return groupId + "-" + instance;
  }
}
