package io.offboarder.stream;

import io.offboarder.stream.OffsetMetadata.Decoded;
import io.offboarder.stream.PartitionLedger.Admission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions this instance owns: restores what their former owners finished, admits what was
 * polled as far as the bounds allow, and pauses what has to wait. Confined to the Kafka thread.
 */
final class Assignment {
  private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);

  /** A partition without room for longer than this is worth a line in the log. */
  private static final Duration CROWDED_LONG = Duration.ofSeconds(10);

  private static final Duration REMINDER = Duration.ofSeconds(30);

  private final StreamSettings settings;
  private final RecordProcessor processor;
  private final WorkRunner runner;
  private final LoopClock clock;
  private final LateWorkIntake lateWork;
  private final CommittedOffsets offsets;
  private final @Nullable Journal journal;
  private final Map<TopicPartition, Partition> partitions = new LinkedHashMap<>();

  /** Whether the group has said which partitions are this instance's, were it none. */
  private boolean shared;

  private int turn;
  private final PreparationPacer pacer = new PreparationPacer();
  private boolean crowded;
  private Duration reportAt = Duration.ZERO;

  Assignment(
      StreamSettings settings,
      RecordProcessor processor,
      LateWorkSource lateWork,
      WorkRunner runner,
      LoopClock clock,
      @Nullable Journal journal) {
    this.settings = settings;
    this.journal = journal;
    this.processor = processor;
    this.runner = runner;
    this.clock = clock;
    this.lateWork = new LateWorkIntake(lateWork, runner);
    this.offsets = new CommittedOffsets(settings);
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

  /** Takes partitions in; nothing of them is read before they are restored. */
  void assigned(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> ids) {
    shared = true;
    consumer.pause(ids);
    for (TopicPartition id : ids) {
      Partition partition = new Partition(id);
      if (journal != null) {
        partition.awaitNotes();
      }
      Partition former = partitions.put(id, partition);
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

  /** Forgets partitions that were lost with the membership in the group, or left with it. */
  void leftGroup(Collection<Partition> lost) {
    shared = false;
    forget(lost);
  }

  /** Starts nothing new in a partition that is to be given up. */
  void leaving(Partition partition) {
    partition.leaving();
    lateWork.leaving(partition);
    runner.dropWaiting(partition);
  }

  private void leave(Partition partition) {
    lateWork.leaving(partition);
    runner.dropWaiting(partition);
    partition.gone().forEach(runner::release);
  }

  /** Takes in what was polled; it waits for {@link #admit}. */
  void polled(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition id : records.partitions()) {
      Partition partition = partitions.get(id);
      if (partition != null) {
        partition.polled(records.records(id));
      }
    }
    for (Partition partition : partitions.values()) {
      if (!partition.isPaused()
          && !partition.attempts().isOver()
          && consumer.currentLag(partition.id()).orElse(-1) == 0) {
        partition.attempts().readAll();
      }
    }
  }

  /** Whether a partition waits for {@link #restore}. */
  boolean needsRestoring() {
    return partitions.values().stream().anyMatch(partition -> !partition.isRestored());
  }

  /** Reads what the former owners of new partitions have finished. */
  void restore(Consumer<byte[], byte[]> consumer) {
    List<Partition> fresh =
        partitions.values().stream().filter(partition -> !partition.isRestored()).toList();
    offsets.restore(consumer, fresh);
    if (journal == null) {
      fresh.forEach(lateWork::restored);
    }
    LOG.info("Reading {} more partitions, {} in all", fresh.size(), partitions.size());
  }

  /**
   * The notes of these partitions are known: their work may begin, if they are still ours.
   *
   * @throws org.apache.kafka.common.KafkaException if nothing shows that they are
   */
  void noted(Consumer<byte[], byte[]> consumer, List<Partition> partitions) {
    offsets.noted(consumer, partitions, journalEnd());
    partitions.forEach(lateWork::restored);
  }

  /**
   * Takes a partition in once more, from what is committed: another instance has claimed it, in the
   * belief that it was its own, and may have begun what is not finished.
   */
  void renew(Consumer<byte[], byte[]> consumer, Partition partition) {
    LOG.warn(
        "Another instance has claimed {}, which this one owns; what is not finished there is done"
            + " from the start",
        partition.id());
    assigned(consumer, Set.of(partition.id()));
  }

  /** Where the journal is known to have ended; {@link OffsetMetadata#NOWHERE} without one. */
  long journalEnd() {
    return journal == null ? OffsetMetadata.NOWHERE : journal.end();
  }

  /** Leaves these partitions to their next owners in good order. */
  void handBack(Consumer<byte[], byte[]> consumer, Collection<Partition> leaving) {
    offsets.handBack(consumer, leaving, journalEnd());
  }

  /** Takes in the late work that may start. */
  void admitLateWork() {
    if (!runner.isPaused()) {
      lateWork.admit();
    }
  }

  /** Whether it has partitions, and knows of each what its former owners have done. */
  boolean isSettled() {
    return !partitions.isEmpty() && isComplete();
  }

  /**
   * Whether the group has said which partitions are this instance's, none perhaps, and it knows of
   * each what its former owners have done.
   */
  boolean isComplete() {
    return shared
        && partitions.values().stream().allMatch(one -> one.isRestored() && !one.isAwaitingNotes());
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
   * something pending, so that polling goes on for the others. While the runner is paused, admits
   * nothing and pauses all.
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
      if (partition.admits() && !runner.isPaused()) {
        admit(partition, room);
      }
    }
    boolean resumed = false;
    for (Partition partition : partitions.values()) {
      boolean wait = partition.hasToWait() || runner.isPaused();
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
        record != null && pacer.mayGo(partition.id(), clock.now());
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
        Duration began = clock.now();
        room.admit(new InFlightRecord(record, partition, prepare(record)));
        pacer.prepared(partition.id(), clock.now().minus(began), clock.now());
      }
    }
  }

  private RecordWork prepare(ConsumerRecord<byte[], byte[]> record) {
    if (record instanceof IncompleteRecord incomplete) {
      LOG.error("{} is too large to be read and is set aside: {}", at(record), incomplete.reason());
      return processor.setAside(incomplete);
    }
    return processor.prepare(record);
  }

  private static String at(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
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
          partition.load().count(),
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
    Decoded nothing = Decoded.nothing(partition.ledger().lateCommits());
    Partition successor = partition.rewound(offsets.ledger(offset, nothing));
    partitions.put(partition.id(), successor);
    leave(partition);
    lateWork.restored(successor);
  }
}
