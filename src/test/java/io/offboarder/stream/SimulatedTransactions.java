package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.WorkId;
import io.offboarder.stream.SimulatedTopic.Kind;
import io.offboarder.stream.SimulatedTopic.Published;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The transactions' coordinator: one transaction at a time for each transactional id, of the newest
 * producer only. A transaction that is prepared is decided, but its records and offsets become
 * visible, or vanish, a moment later; one that is open too long is aborted, and its producer
 * fenced. A forgetful one now and then drops the marker for the offsets of a committed one, or for
 * what it wrote to the topic of cases, as Kafka 4.4.0 does where their partition has no leader
 * (KAFKA-20734): it takes the transaction for complete, and they stay pending until the next
 * transaction of that transactional id in the same place ends them, in whichever way it ends.
 */
final class SimulatedTransactions {
  private final Fate fate;
  private final SimulatedTopic topic;
  private final SimulatedCases cases;
  private final SimulatedJournal journal;
  private final long timeoutMicros;
  private final double forgetful;
  private final Map<String, Entry> entries = new HashMap<>();

  private static final class Entry {
    int epoch;
    Transaction transaction;
    final Map<Integer, OffsetAndMetadata> left = new HashMap<>();
    final List<SimulatedCases.Entry> leftCases = new ArrayList<>();

    /** Whether the last one was to be committed; false again once there is a new producer. */
    boolean committed;

    /** Whether somebody has asked for that, and knows it. */
    boolean isToldOf;
  }

  private static final class Transaction {
    final List<Published> published = new ArrayList<>();
    final Map<Integer, OffsetAndMetadata> offsets = new HashMap<>();

    final List<SimulatedCases.Entry> entries = new ArrayList<>();

    /** The partitions that the sender of the offsets owned then. */
    final Set<Integer> owned = new HashSet<>();

    /** The topics that wait for their marker. */
    int unmarked;

    /** How often each partition had been committed outside of a transaction by then. */
    final Map<Integer, Integer> plainCommits = new HashMap<>();

    boolean prepared;
    boolean touchedOffsets;
    boolean touchedCases;
    boolean endedByItsProducer;

    /** Whether it was begun to end another. */
    boolean isOpening() {
      return touchedCases && entries.isEmpty();
    }
  }

  /**
   * A coordinator.
   *
   * @param forgetful how often it drops the marker for a transaction's offsets, or cases
   */
  SimulatedTransactions(
      Fate fate,
      SimulatedTopic topic,
      SimulatedCases cases,
      SimulatedJournal journal,
      long timeoutMicros,
      double forgetful) {
    this.cases = cases;
    this.journal = journal;
    this.forgetful = forgetful;
    this.fate = fate;
    this.topic = topic;
    this.timeoutMicros = timeoutMicros;
  }

  /** Fences the former producer of this id, aborts what it left open; returns the new epoch. */
  int initialise(String id) {
    Entry entry = entries.computeIfAbsent(id, key -> new Entry());
    entry.epoch++;
    if (entry.transaction != null && !entry.transaction.prepared) {
      prepare(id, entry, false);
    }
    if (!entry.isToldOf) {
      entry.leftCases.forEach(SimulatedCases.Entry::isNoLongerKnown);
      if (entry.transaction != null) {
        entry.transaction.entries.forEach(SimulatedCases.Entry::isNoLongerKnown);
      }
    }
    entry.isToldOf = false;
    entry.committed = false;
    return entry.epoch;
  }

  /** Whether the last transaction was decided to be committed, and no producer came since. */
  boolean wasLastCommitted(String id) {
    Entry entry = entries.get(id);
    boolean isOpen = entry != null && entry.transaction != null && !entry.transaction.prepared;
    if (entry == null || isOpen) {
      return false;
    }
    entry.isToldOf = entry.committed;
    return entry.committed;
  }

  /** What another instance does about one that left the group: ends its open transaction. */
  void endOpen(String id) {
    Entry entry = entries.get(id);
    if (entry != null && entry.transaction != null && !entry.transaction.prepared) {
      fate.note(id, "is fenced by another instance");
      initialise(id);
    }
  }

  /** Whether the last transaction is decided, but not yet visible everywhere. */
  boolean isCompleting(String id) {
    Entry entry = entries.get(id);
    return entry != null && entry.transaction != null && entry.transaction.prepared;
  }

  boolean isCurrent(String id, int epoch) {
    Entry entry = entries.get(id);
    return entry != null && entry.epoch == epoch;
  }

  void add(String id, int epoch, Published published) {
    Transaction transaction = ongoing(id, epoch);
    if (published.kind() == Kind.NOTHING) {
      transaction.touchedCases = true;
      return;
    }
    transaction.published.add(published);
    if (published.kind() == Kind.CASE || published.kind() == Kind.TOMBSTONE) {
      Long due = published.kind() == Kind.CASE ? published.due() : null;
      transaction.touchedCases = true;
      transaction.entries.add(cases.append(published.ofCase(), due));
    }
  }

  /** The offsets' partition is in the transaction, even if the group then refuses the offsets. */
  void touchOffsets(String id, int epoch) {
    ongoing(id, epoch).touchedOffsets = true;
  }

  void add(
      String id, int epoch, Map<Integer, OffsetAndMetadata> offsets, Set<Integer> ownedBySender) {
    Transaction transaction = ongoing(id, epoch);
    transaction.owned.addAll(ownedBySender);
    transaction.owned.retainAll(offsets.keySet());
    offsets.forEach(
        (partition, offset) -> {
          transaction.plainCommits.put(partition, topic.plainCommits(partition));
          if (transaction.offsets.put(partition, offset) == null) {
            topic.pending(partition, 1);
          }
        });
  }

  private Transaction ongoing(String id, int epoch) {
    Entry entry = entries.get(id);
    if (entry.epoch != epoch || isCompleting(id)) {
      throw new IllegalStateException("a fault of the simulation");
    }
    Transaction transaction = entry.transaction;
    if (transaction == null) {
      Transaction opened = new Transaction();
      entry.transaction = opened;
      fate.after(
          timeoutMicros,
          () -> {
            if (entry.transaction == opened && !opened.prepared) {
              fate.note(id, "transaction timed out");
              entry.epoch++;
              prepare(id, entry, false);
            }
          });
      transaction = opened;
    }
    return transaction;
  }

  /** Decides the open transaction, if there is one and the producer is the newest. */
  boolean end(String id, int epoch, boolean commit) {
    Entry entry = entries.get(id);
    if (entry.epoch != epoch) {
      return false;
    }
    if (entry.transaction != null && !entry.transaction.prepared) {
      entry.transaction.endedByItsProducer = true;
      prepare(id, entry, commit);
    }
    return true;
  }

  private void prepare(String id, Entry entry, boolean commit) {
    Transaction transaction = entry.transaction;
    transaction.prepared = true;
    entry.committed = commit;
    if (!commit && !(transaction.isOpening() && transaction.endedByItsProducer)) {
      entry.leftCases.forEach(SimulatedCases.Entry::isNoLongerKnown);
    }
    fate.note(id, commit ? "transaction is to be committed" : "transaction is to be aborted");
    transaction.unmarked = transaction.touchedCases ? 2 : 1;
    if (transaction.touchedCases) {
      fate.after(
          marking(),
          () -> {
            markCases(id, entry, transaction, commit);
            marked(entry, transaction);
          });
    }
    fate.after(
        marking(),
        () -> {
          marked(entry, transaction);
          complete(id, entry, transaction, commit);
        });
  }

  private void markCases(String id, Entry entry, Transaction transaction, boolean commit) {
    if (entry.leftCases.isEmpty()
        && (commit || !transaction.endedByItsProducer)
        && fate.strikes(forgetful)) {
      fate.note(id, "the marker for the cases is dropped", transaction.entries.size());
      transaction.entries.forEach(one -> one.decided(commit));
      entry.leftCases.addAll(transaction.entries);
      return;
    }
    for (SimulatedCases.Entry one : entry.leftCases) {
      one.marked(commit);
      if (!commit && (!transaction.isOpening() || !one.isKnown())) {
        cases.torn(one);
      }
    }
    entry.leftCases.clear();
    transaction.entries.forEach(one -> one.marked(commit));
  }

  /** Each topic has its marker in its own time. */
  private long marking() {
    return fate.isCalm() || fate.oneIn(2) ? 100 : fate.below(fate.oneIn(4) ? 300_000 : 3_000);
  }

  private static void marked(Entry entry, Transaction transaction) {
    if (--transaction.unmarked == 0) {
      entry.transaction = null;
    }
  }

  private void complete(String id, Entry entry, Transaction transaction, boolean commit) {
    if (commit && entry.left.isEmpty() && fate.strikes(forgetful)) {
      fate.note(id, "the marker for the offsets is dropped", transaction.offsets);
      entry.left.putAll(transaction.offsets);
      end(id, transaction.published, transaction.owned, Map.of(), commit);
      return;
    }
    if (transaction.touchedOffsets) {
      entry.left.keySet().forEach(partition -> topic.pending(partition, -1));
      end(id, List.of(), Set.of(), entry.left, commit);
      entry.left.clear();
    }
    transaction.offsets.keySet().forEach(partition -> topic.pending(partition, -1));
    Map<Integer, OffsetAndMetadata> newest = new HashMap<>(transaction.offsets);
    // As the broker does: what was committed meanwhile, outside of the transaction, is newer.
    newest
        .keySet()
        .removeIf(
            partition -> topic.plainCommits(partition) > transaction.plainCommits.get(partition));
    end(id, transaction.published, transaction.owned, newest, commit);
  }

  private void end(
      String id,
      List<Published> published,
      Set<Integer> owned,
      Map<Integer, OffsetAndMetadata> offsets,
      boolean commit) {
    if (commit) {
      fate.note(id, "committed", published, offsets);
      topic.commit(published, offsets);
      for (Published one : published) {
        if (one.kind() == Kind.OUTCOME || one.kind() == Kind.END) {
          boolean late = one.kind() == Kind.END;
          journal.published(new WorkId(topic.id(one.partition()), one.offset(), late), one.names());
        }
        if (one.kind() == Kind.CASE) {
          cases.opened(one.ofCase(), one.due());
        } else if (one.kind() == Kind.END) {
          cases.ended(one.ofCase(), owned);
        }
      }
    } else {
      fate.note(id, "aborted", published);
    }
  }
}
