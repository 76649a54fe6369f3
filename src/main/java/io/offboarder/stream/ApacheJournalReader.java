package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.Placed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads with a consumer that belongs to no group. */
final class ApacheJournalReader implements JournalReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(200);

  /** Bounds what a poll decompresses. */
  private static final int PORTION_RECORDS = 100;

  private final StreamSettings settings;
  private final JournalFormat format;
  private final Use use;
  private final String clientId;
  private final TopicPartition partition;

  /** Written by its thread alone. */
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  ApacheJournalReader(StreamSettings settings, JournalFormat format, Use use) {
    this.settings = settings;
    this.format = format;
    this.use = use;
    this.clientId = settings.instanceId() + "-" + use.clientName();
    this.partition = new TopicPartition(format.topic(), 0);
  }

  @Override
  public long end() {
    return open().endOffsets(List.of(partition), TIMEOUT).getOrDefault(partition, 0L);
  }

  @Override
  public Stretch since(Duration beforeLast) {
    long end = end();
    Consumer<byte[], byte[]> open = open();
    long first = open.beginningOffsets(List.of(partition), TIMEOUT).getOrDefault(partition, 0L);
    if (first == end) {
      return new Stretch(end, Instant.EPOCH);
    }
    open.seek(partition, end - 1);
    List<ConsumerRecord<byte[], byte[]>> last = open.poll(TIMEOUT).records(partition);
    if (last.isEmpty()) {
      throw new TimeoutException("the last entry of " + partition + " was not read in time");
    }
    long from = Math.max(0, last.get(0).timestamp() - beforeLast.toMillis());
    OffsetAndTimestamp found =
        open.offsetsForTimes(Map.of(partition, from), TIMEOUT).get(partition);
    return new Stretch(found == null ? first : found.offset(), Instant.ofEpochMilli(from));
  }

  @Override
  public Portion read(long from, Duration patience) {
    Consumer<byte[], byte[]> open = open();
    if (open.position(partition, TIMEOUT) != from) {
      open.seek(partition, from);
    }
    List<ConsumerRecord<byte[], byte[]>> records = poll(open, patience);
    List<Placed> entries = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Instant at = Instant.ofEpochMilli(record.timestamp());
      format.read(record).ifPresent(entry -> entries.add(new Placed(record.offset(), at, entry)));
    }
    long next = open.position(partition, TIMEOUT);
    long begun = records.isEmpty() ? next : records.get(0).offset();
    return new Portion(entries, begun, next);
  }

  private List<ConsumerRecord<byte[], byte[]>> poll(
      Consumer<byte[], byte[]> open, Duration patience) {
    try {
      return open.poll(patience).records(partition);
    } catch (WakeupException woken) {
      return List.of();
    }
  }

  @Override
  public void wake() {
    Consumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
  }

  private Consumer<byte[], byte[]> open() {
    Consumer<byte[], byte[]> open = consumer;
    if (open == null) {
      Map<String, Object> config = new HashMap<>();
      config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, PORTION_RECORDS);
      config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) use.fetchWait().toMillis());
      config.putAll(settings.clientProperties());
      config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
      config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
      config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
      config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
      config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
      open = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      open.assign(List.of(partition));
      open.seekToBeginning(List.of(partition));
      consumer = open;
    }
    return open;
  }

  @Override
  public void close() {
    Consumer<byte[], byte[]> closing = consumer;
    consumer = null;
    if (closing != null) {
      closing.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }
  }
}
