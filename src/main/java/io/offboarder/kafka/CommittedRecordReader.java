package io.offboarder.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic's committed records, all its partitions, without a consumer group: it leaves no
 * trace on the cluster. For one thread; only {@link #wake} and {@link #stop} may be called from
 * another.
 */
public final class CommittedRecordReader implements AutoCloseable {
  /**
   * How long a broker may keep a request of a reader that waits for what comes: it answers as soon
   * as there is a record, and an answer without one costs both sides as much.
   */
  private static final Duration FOLLOWING_FETCH = Duration.ofSeconds(2);

  private final KafkaSettings settings;
  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;
  private volatile boolean stopped;

  private CommittedRecordReader(
      KafkaSettings settings,
      String topic,
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends) {
    this.settings = settings;
    this.topic = topic;
    this.consumer = consumer;
    this.ends = ends;
  }

  /** Where reading begins. */
  public sealed interface Start {
    /** At the oldest record there is. */
    record Beginning() implements Start {}

    /** After the newest record there is. */
    record Latest() implements Start {}

    /** At the first record of that time or later. */
    record Since(Instant time) implements Start {}

    /**
     * At most so many records before the end of each partition.
     *
     * @param records at least 1
     */
    record Last(long records) implements Start {}

    /**
     * At these offsets.
     *
     * @param offsets the next offset to read of each partition; one that is not named is read from
     *     its oldest record
     */
    record Offsets(Map<Integer, Long> offsets) implements Start {
      /** Copies the offsets. */
      public Offsets {
        offsets = Map.copyOf(offsets);
      }
    }
  }

  /**
   * A committed record, as it lies in the topic.
   *
   * @param key null for a record without one
   * @param value null for a record without one
   * @param headers in their order
   */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are Kafka's; a copy of each would cost.
  public record Entry(
      int partition,
      long offset,
      Instant timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers) {

    /** The value as UTF-8 text; empty for a record without one. */
    public String text() {
      return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
  }

  /**
   * Opens a reader.
   *
   * @throws KafkaFailure if Kafka does not answer or has no such topic
   */
  public static CommittedRecordReader open(KafkaSettings settings, String topic, Start start) {
    return open(settings.client(), settings, topic, start);
  }

  /**
   * The same for who follows a topic, and mostly waits for what comes.
   *
   * @throws KafkaFailure if Kafka does not answer or has no such topic
   */
  public static CommittedRecordReader follow(KafkaSettings settings, String topic, Start start) {
    Map<String, Object> client = settings.client();
    client.putIfAbsent("fetch.max.wait.ms", (int) FOLLOWING_FETCH.toMillis());
    return open(client, settings, topic, start);
  }

  private static CommittedRecordReader open(
      Map<String, Object> client, KafkaSettings settings, String topic, Start start) {
    client.put("isolation.level", "read_committed");
    client.put("enable.auto.commit", false);
    client.put("allow.auto.create.topics", false);
    client.put("auto.offset.reset", "earliest");
    // Bounds what a poll decompresses.
    client.putIfAbsent("max.poll.records", 100);
    client.put("default.api.timeout.ms", client.get("request.timeout.ms"));
    // This reader has no group, so the settings of the service's group do not apply to it.
    client.keySet().removeAll(Set.of("group.id", "group.instance.id", "group.protocol"));
    Consumer<byte[], byte[]> consumer = null;
    try {
      consumer =
          new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      List<TopicPartition> partitions = partitions(settings, topic, consumer);
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      seek(consumer, start, ends);
      return new CommittedRecordReader(settings, topic, consumer, ends);
    } catch (RuntimeException e) {
      if (consumer != null) {
        consumer.close(closing());
      }
      throw KafkaFailure.of("opening the topic " + topic, settings, e);
    }
  }

  private static List<TopicPartition> partitions(
      KafkaSettings settings, String topic, Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    if (infos == null || infos.isEmpty()) {
      throw new KafkaFailure(
          KafkaFailure.Kind.TOPIC_MISSING,
          "Kafka at "
              + settings.bootstrapServers()
              + " has no topic "
              + topic
              + "; \"offboarder run --create-topics\" creates those that the settings name");
    }
    return infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private static void seek(
      Consumer<byte[], byte[]> consumer, Start start, Map<TopicPartition, Long> ends) {
    if (start instanceof Start.Beginning) {
      consumer.seekToBeginning(ends.keySet());
    } else if (start instanceof Start.Since since) {
      Map<TopicPartition, Long> times = new HashMap<>();
      ends.keySet().forEach(partition -> times.put(partition, since.time().toEpochMilli()));
      Map<TopicPartition, @Nullable OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
      ends.forEach(
          (partition, end) -> {
            OffsetAndTimestamp first = found.get(partition);
            consumer.seek(partition, first == null ? end : first.offset());
          });
    } else if (start instanceof Start.Last last) {
      Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(ends.keySet());
      ends.forEach(
          (partition, end) ->
              consumer.seek(partition, Math.max(beginnings.get(partition), end - last.records())));
    } else if (start instanceof Start.Offsets from) {
      consumer.seekToBeginning(ends.keySet());
      ends.keySet()
          .forEach(
              partition -> {
                Long offset = from.offsets().get(partition.partition());
                if (offset != null) {
                  consumer.seek(partition, offset);
                }
              });
    } else {
      ends.forEach(consumer::seek);
    }
  }

  /**
   * Waits for records; what one call returns is in the order of their times. Empty when the time is
   * over or reading was stopped.
   *
   * @throws KafkaFailure if Kafka refuses; a broker that is away is waited for
   */
  public List<Entry> poll(Duration within) {
    List<Entry> entries = new ArrayList<>();
    if (stopped) {
      return entries;
    }
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) {
        entries.add(
            new Entry(
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                record.value(),
                record.headers()));
      }
    } catch (WakeupException e) {
      return entries;
    } catch (RuntimeException e) {
      throw KafkaFailure.of("reading the topic " + topic, settings, e);
    }
    entries.sort(Comparator.comparing(Entry::timestamp));
    return entries;
  }

  /**
   * The next offset to read of a partition. What lies before it is read or was never committed.
   *
   * @throws KafkaFailure if Kafka refuses
   */
  public long position(int partition) {
    while (true) {
      try {
        return consumer.position(new TopicPartition(topic, partition));
      } catch (WakeupException e) {
        if (stopped) {
          throw KafkaFailure.of("reading the topic " + topic, settings, e);
        }
      } catch (RuntimeException e) {
        throw KafkaFailure.of("reading the topic " + topic, settings, e);
      }
    }
  }

  /** Whether everything is read that was committed when the reader was opened. */
  public boolean isPastTheEnd() {
    return unread().isEmpty();
  }

  /** The partitions that are not read to where they ended when the reader was opened. */
  Set<Integer> unread() {
    try {
      return ends.entrySet().stream()
          .filter(end -> consumer.position(end.getKey()) < end.getValue())
          .map(end -> end.getKey().partition())
          .collect(Collectors.toSet());
    } catch (WakeupException e) {
      return ends.keySet().stream().map(TopicPartition::partition).collect(Collectors.toSet());
    } catch (RuntimeException e) {
      throw KafkaFailure.of("reading the topic " + topic, settings, e);
    }
  }

  /** Reads from all partitions but these until it is said otherwise. */
  void pause(Set<Integer> partitions) {
    Map<Boolean, List<TopicPartition>> paused =
        ends.keySet().stream()
            .collect(Collectors.partitioningBy(one -> partitions.contains(one.partition())));
    consumer.pause(paused.getOrDefault(true, List.of()));
    consumer.resume(paused.getOrDefault(false, List.of()));
  }

  /** Whether {@link #stop} was called. */
  public boolean isStopped() {
    return stopped;
  }

  /** Ends the poll that is under way, or else the next one, without records. From any thread. */
  public void wake() {
    consumer.wakeup();
  }

  /** Ends a poll that is under way and every later one. From any thread. */
  public void stop() {
    stopped = true;
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(closing());
  }

  private static CloseOptions closing() {
    return CloseOptions.timeout(Duration.ofSeconds(1));
  }
}
