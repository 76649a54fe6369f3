package io.offboarder.stream;

import io.offboarder.stream.OffsetMetadata.Decoded;
import io.offboarder.stream.OffsetMetadataSettings.Foreign;
import io.offboarder.stream.PartitionLedger.Admission;
import io.offboarder.stream.StreamFailure.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions this instance owns: restores what their former owners finished, admits what was
 * polled as far as the bounds allow, and pauses what has to wait. Confined to the Kafka thread.
 */
final class Assignment {
  private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);
  private static final Duration RESTORE_TIMEOUT = Duration.ofSeconds(1);

  /** A partition without room for longer than this is worth a line in the log. */
  private static final Duration CROWDED_LONG = Duration.ofSeconds(10);

  private static final Duration REMINDER = Duration.ofSeconds(30);

  private final StreamSettings settings;
  private final RecordProcessor processor;
  private final WorkRunner runner;
  private final LoopClock clock;
  private final Map<TopicPartition, Partition> partitions = new LinkedHashMap<>();
  private int turn;
  private boolean crowded;
  private Duration reportAt = Duration.ZERO;

  Assignment(
      StreamSettings settings, RecordProcessor processor, WorkRunner runner, LoopClock clock) {
    this.settings = settings;
    this.processor = processor;
    this.runner = runner;
    this.clock = clock;
  }

  Collection<Partition> partitions() {
    return partitions.values();
  }

  List<Partition> of(Collection<TopicPartition> ids) {
    List<Partition> found = new ArrayList<>();
    for (TopicPartition id : ids) {
      Partition partition = partitions.get(id);
      if (partition != null) {
        found.add(partition);
      }
    }
    return found;
  }

  void assigned(Collection<TopicPartition> ids) {
    for (TopicPartition id : ids) {
      Partition former = partitions.put(id, new Partition(id));
      if (former != null) {
        leave(former);
      }
    }
  }

  /** Forgets partitions, and with them every result that is not committed. */
  void forget(Collection<Partition> leaving) {
    for (Partition partition : List.copyOf(leaving)) {
      partitions.remove(partition.id(), partition);
      leave(partition);
    }
  }

  /** Forgets all partitions. */
  void forgetAll() {
    forget(partitions.values());
  }

  private void leave(Partition partition) {
    runner.dropWaiting(partition);
    partition.gone().forEach(runner::release);
  }

  /** Takes in what was polled; it waits for {@link #admit}. */
  void polled(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition id : records.partitions()) {
      Partition partition = partitions.get(id);
      if (partition != null) {
        partition.polled(records.records(id));
      }
    }
  }

  /** Whether a partition waits for {@link #restore}. */
  boolean needsRestoring() {
    return partitions.values().stream().anyMatch(partition -> !partition.isRestored());
  }

  /** Reads what the former owners of new partitions have finished. */
  void restore(Consumer<byte[], byte[]> consumer) {
    Set<TopicPartition> ids =
        partitions.values().stream()
            .filter(partition -> !partition.isRestored())
            .map(Partition::id)
            .collect(Collectors.toSet());
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(ids, RESTORE_TIMEOUT);
    for (Partition partition : of(ids)) {
      OffsetAndMetadata offset = committed.get(partition.id());
      if (offset == null) {
        ConsumerRecord<byte[], byte[]> first = partition.nextPending();
        long base =
            first == null ? consumer.position(partition.id(), RESTORE_TIMEOUT) : first.offset();
        partition.restored(ledger(base, Decoded.nothing()));
      } else {
        partition.restored(ledger(offset.offset(), finishedBeyond(partition.id(), offset)));
      }
      LOG.debug("Reading {} from offset {}", partition.id(), partition.ledger().base());
    }
    LOG.info("Reading {} more partitions, {} in all", ids.size(), partitions.size());
  }

  private Decoded finishedBeyond(TopicPartition id, OffsetAndMetadata offset) {
    Optional<Decoded> decoded = OffsetMetadata.decode(offset.offset(), offset.metadata());
    if (decoded.isPresent()) {
      return decoded.get();
    }
    String found =
        "the commit metadata of "
            + id
            + " at offset "
            + offset.offset()
            + " was written by another program or is damaged ("
            + offset.metadata().length()
            + " characters)";
    if (settings.offsetMetadata().foreign() == Foreign.STOP) {
      throw new StreamFailure(Reason.FOREIGN_OFFSET_METADATA, found, null);
    }
    LOG.warn("{}; only its offset counts, so records beyond it may get a second result", found);
    return Decoded.nothing();
  }

  private PartitionLedger ledger(long base, Decoded finished) {
    return new PartitionLedger(
        base,
        finished,
        settings.offsetMetadata().encoding(),
        settings.offsetMetadata().maxChars(),
        settings.maxSpanPerPartition());
  }

  /** Whether a record waits because the bound on records in flight is reached. */
  boolean isCrowded() {
    return crowded;
  }

  /** Whether a poll may return records. */
  boolean hasOpenPartitions() {
    return partitions.values().stream().anyMatch(partition -> !partition.isPaused());
  }

  /**
   * Admits what was polled, as far as the bounds allow, and pauses the partitions that still have
   * something pending, so that polling goes on for the others.
   *
   * @return whether a partition was resumed
   */
  boolean admit(Consumer<byte[], byte[]> consumer) {
    crowded = false;
    List<Partition> inTurn = new ArrayList<>(partitions.values());
    if (!inTurn.isEmpty()) {
      Collections.rotate(inTurn, turn++ % inTurn.size());
    }
    AdmissionRoom room = new AdmissionRoom(settings, runner, inTurn);
    for (Partition partition : inTurn) {
      if (partition.admits()) {
        admit(partition, room);
      }
    }
    boolean resumed = false;
    for (Partition partition : partitions.values()) {
      boolean wait = partition.hasToWait();
      if (wait != partition.isPaused()) {
        partition.paused(wait);
        if (wait) {
          consumer.pause(Set.of(partition.id()));
        } else {
          consumer.resume(Set.of(partition.id()));
          resumed = true;
        }
      }
    }
    return resumed;
  }

  private void admit(Partition partition, AdmissionRoom room) {
    for (ConsumerRecord<byte[], byte[]> record = partition.nextPending();
        record != null;
        record = partition.nextPending()) {
      if (!room.isThereFor(partition, InFlightRecord.bytes(record))) {
        crowded = true;
        partition.crowded(true, clock.now());
        reportCrowding(partition);
        return;
      }
      partition.crowded(false, clock.now());
      Admission admission = partition.ledger().deliver(record.offset());
      if (admission == Admission.WAIT) {
        return;
      }
      if (admission == Admission.REWOUND) {
        rewound(partition, record.offset());
        return;
      }
      partition.removePending();
      if (admission == Admission.ADMIT) {
        room.admit(new InFlightRecord(record, partition, processor.prepare(record)));
      }
    }
  }

  private void reportCrowding(Partition partition) {
    Duration now = clock.now();
    if (partition.crowdedFor(now).compareTo(CROWDED_LONG) >= 0 && now.compareTo(reportAt) >= 0) {
      reportAt = now.plus(REMINDER);
      LOG.warn(
          "{} has had no room for its next record for {} s: {} of its records are in flight, {} of"
              + " them behind another of their subject; the oldest unfinished is at offset {}",
          partition.id(),
          partition.crowdedFor(now).toSeconds(),
          partition.load().records(),
          partition.load().waiting(),
          partition.ledger().base());
    }
  }

  /** The topic was recreated, or lost data: these are other records than the ledger knows. */
  private void rewound(Partition partition, long offset) {
    LOG.error(
        "{} went back to offset {} (the topic was recreated or lost data);"
            + " its records from there on are processed as new ones",
        partition.id(),
        offset);
    partitions.put(partition.id(), partition.rewound(ledger(offset, Decoded.nothing())));
    leave(partition);
  }
}
