package io.offboarder.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition for the time this instance owns it: what was polled and waits to be admitted, what is
 * finished and waits to be committed, and the ledger. An assignment after a revocation makes a new
 * one, so that a late result finds that its partition is gone. Confined to the Kafka thread, but
 * for {@link #isOwned}.
 */
final class Partition {
  private final TopicPartition id;
  private final ArrayDeque<ConsumerRecord<byte[], byte[]>> pending = new ArrayDeque<>();
  private final NavigableMap<Long, InFlightRecord> finished = new TreeMap<>();
  private final Set<InFlightLateWork> finishedLateWork = new LinkedHashSet<>();
  private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();
  private final Load load = new Load();
  private final Load lateWork = new Load();
  private int handedBack;

  /** As it begins, so that nothing is read before it is restored. */
  private boolean paused = true;

  private @Nullable PartitionLedger ledger;
  private PartitionNotes notes = PartitionNotes.withoutJournal();
  private boolean notesAwaited;
  private ReadAttempts attempts = new ReadAttempts(0, 0);
  private long oldest = -1;
  private Duration oldestSince = Duration.ZERO;
  private @Nullable Duration crowdedSince;
  private volatile Ownership ownership = Ownership.OWNED;

  /** When Kafka took in a record, in milliseconds since 1970; -1 if it does not say. */
  private record Arrival(long offset, long timestamp) {}

  /** Who owns the partition. */
  enum Ownership {
    /** This instance. */
    OWNED,
    /** This instance, for a moment longer: it starts nothing new. */
    LEAVING,
    /** Another instance, which redoes what has no result. */
    GONE
  }

  Partition(TopicPartition id) {
    this.id = id;
  }

  TopicPartition id() {
    return id;
  }

  /** Its records in flight. */
  Load load() {
    return load;
  }

  /** Its late work in flight. */
  Load lateWork() {
    return lateWork;
  }

  boolean isRestored() {
    return ledger != null;
  }

  /** What the former owners have finished was read, and what became of them. */
  void restored(PartitionLedger from, ReadAttempts by) {
    ledger = from;
    attempts = by;
  }

  /** Nothing of it is admitted before its {@linkplain #noted notes} are known. */
  void awaitNotes() {
    notesAwaited = true;
  }

  /** Whether its notes have to be read from the journal. */
  boolean isAwaitingNotes() {
    return notesAwaited;
  }

  /** What the former owners have noted was read. */
  void noted(PartitionNotes found) {
    notes = found;
    notesAwaited = false;
  }

  PartitionNotes notes() {
    return notes;
  }

  /** Where in the journal its notes begin, if nothing more is finished than is committed. */
  long journalBegin(long journalEnd) {
    return notesAwaited ? ledger().journal() : notes.begin(journalEnd, List.of());
  }

  /** Whether its last owners died while they read it. */
  ReadAttempts attempts() {
    return attempts;
  }

  /** Whether it is to be read with care now. */
  boolean needsCare() {
    return admits() && pending.isEmpty() && attempts.areSuspicious();
  }

  PartitionLedger ledger() {
    if (ledger == null) {
      throw new IllegalStateException(id + " is not restored yet");
    }
    return ledger;
  }

  /** These were read, and wait to be admitted. */
  void polled(Collection<ConsumerRecord<byte[], byte[]>> records) {
    pending.addAll(records);
    records.forEach(record -> arrivals.add(new Arrival(record.offset(), record.timestamp())));
    attempts.read(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record instanceof IncompleteRecord) {
        attempts.setAside(record.offset());
      }
    }
  }

  /** The polled record whose turn it is to be admitted; null if there is none. */
  @Nullable ConsumerRecord<byte[], byte[]> nextPending() {
    return pending.peek();
  }

  /** How many polled records wait to be admitted. */
  int pendingCount() {
    return pending.size();
  }

  /** The next pending record was admitted or needs no work. */
  void removePending() {
    pending.remove();
  }

  /** Whether the consumer has to leave it alone: nothing more can be admitted at the moment. */
  boolean hasToWait() {
    return !admits() || !pending.isEmpty() || attempts.areSuspicious();
  }

  boolean isPaused() {
    return paused;
  }

  void paused(boolean now) {
    paused = now;
  }

  /** A record has its result, which waits to be committed. */
  void finished(InFlightRecord record) {
    finished.put(record.offset(), record);
  }

  /** Late work has its result, which waits to be committed. */
  void finished(InFlightLateWork work) {
    finishedLateWork.add(work);
  }

  /** Work gave up because the partition is leaving. */
  void handedBack() {
    handedBack++;
  }

  /** How many results wait to be committed. */
  int finishedCount() {
    return finished.size() + finishedLateWork.size();
  }

  /**
   * What a transaction can publish and commit now; may include nothing.
   *
   * @param journalEnd where the journal is known to have ended
   */
  Contribution propose(long journalEnd) {
    List<InFlightLateWork> lateWorkNow = List.copyOf(finishedLateWork);
    return new Contribution(
        ledger()
            .propose(
                finished,
                attempts.whileOwned(ledger().base()),
                !lateWorkNow.isEmpty(),
                included -> notes.begin(journalEnd, included.values(), lateWorkNow)),
        lateWorkNow);
  }

  /** A transaction was committed. */
  void committed(Contribution contribution) {
    ledger().committed(contribution.proposal());
    attempts.committed(contribution.proposal().attempts());
    contribution.proposal().included().keySet().forEach(finished::remove);
    contribution.lateWork().forEach(finishedLateWork::remove);
    notes.committed(contribution.work(), ledger()::isFinished);
    forgetArrivals();
  }

  /** Drops what is older than the oldest record without a committed result. */
  private void forgetArrivals() {
    for (Arrival next = arrivals.peek();
        next != null && next.offset() < ledger().base();
        next = arrivals.peek()) {
      arrivals.remove();
    }
  }

  /** Whether no work runs and no result waits to be committed. */
  boolean isDrained() {
    return isGone() || running() + finishedCount() == 0;
  }

  private int running() {
    return load.running() + lateWork.running();
  }

  /** How much of what was admitted has no committed result. */
  int unfinished() {
    return handedBack + running() + finishedCount();
  }

  /** Whether the next pending record has no room at this moment. */
  void crowded(boolean now, Duration at) {
    if (!now) {
      crowdedSince = null;
    } else if (crowdedSince == null) {
      crowdedSince = at;
    }
  }

  /** For how long the next pending record has had no room; zero if it has. */
  Duration crowdedFor(Duration now) {
    return crowdedSince == null ? Duration.ZERO : now.minus(crowdedSince);
  }

  /** How it stands, looked at often enough to see how long the oldest record has been that. */
  PartitionStatus status(Duration now, long lag, Duration hiddenFor) {
    long base = ledger().base();
    boolean busy = load.running() > 0 || !finished.isEmpty() || !pending.isEmpty();
    if (!busy || base != oldest) {
      oldest = base;
      oldestSince = now;
    }
    forgetArrivals();
    Arrival next = arrivals.peek();
    return new PartitionStatus(
        id.topic(),
        id.partition(),
        now.minus(oldestSince),
        ledger().span(),
        lag,
        load.waiting(),
        crowdedFor(now),
        hiddenFor,
        ledger().unfinished() + pending.size(),
        next == null || next.timestamp() < 0 ? null : Instant.ofEpochMilli(next.timestamp()));
  }

  /** Whether records may be admitted. */
  boolean admits() {
    return ownership == Ownership.OWNED && ledger != null && !notesAwaited;
  }

  /** Whether this instance owns it, and keeps it. From any thread. */
  boolean isOwned() {
    return ownership == Ownership.OWNED;
  }

  boolean isGone() {
    return ownership == Ownership.GONE;
  }

  /** It is being given up: nothing new is started. */
  void leaving() {
    ownership = Ownership.LEAVING;
    pending.clear();
  }

  /** It is given up; returns what was done and whose results are dropped. */
  List<InFlightWork> gone() {
    ownership = Ownership.GONE;
    List<InFlightWork> dropped = new ArrayList<>(finished.values());
    dropped.addAll(finishedLateWork);
    arrivals.clear();
    pending.clear();
    finished.clear();
    finishedLateWork.clear();
    return dropped;
  }

  /**
   * The same partition with other records, because its topic was recreated or lost data.
   *
   * @param from the ledger to begin with
   */
  Partition rewound(PartitionLedger from) {
    Partition successor = new Partition(id);
    successor.polled(pending);
    successor.paused = paused;
    successor.restored(from, attempts);
    // The old notes speak of other records.
    successor.noted(new PartitionNotes(notes.claim(), List.of()));
    return successor;
  }
}
