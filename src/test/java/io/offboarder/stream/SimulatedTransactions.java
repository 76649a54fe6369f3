package io.offboarder.stream;

import io.offboarder.stream.SimulatedTopic.Published;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The transactions' coordinator: one transaction at a time for each transactional id, of the newest
 * producer only. A transaction that is prepared is decided, but its records and offsets become
 * visible, or vanish, a moment later; one that is open too long is aborted, and its producer
 * fenced. A forgetful one now and then drops the marker for the offsets of a committed one, as
 * Kafka 4.4.0 does where their partition has no leader (KAFKA-20734): it takes the transaction for
 * complete, and the offsets stay pending until the next transaction of that transactional id that
 * has offsets ends them, in whichever way it ends.
 */
final class SimulatedTransactions {
  private final Fate fate;
  private final SimulatedTopic topic;
  private final long timeoutMicros;
  private final double forgetful;
  private final Map<String, Entry> entries = new HashMap<>();

  private static final class Entry {
    int epoch;
    Transaction transaction;
    final Map<Integer, OffsetAndMetadata> left = new HashMap<>();
  }

  private static final class Transaction {
    final List<Published> published = new ArrayList<>();
    final Map<Integer, OffsetAndMetadata> offsets = new HashMap<>();

    /** How often each partition had been committed outside of a transaction by then. */
    final Map<Integer, Integer> plainCommits = new HashMap<>();

    boolean prepared;
    boolean touchedOffsets;
  }

  /**
   * A coordinator.
   *
   * @param forgetful how often it drops the marker for a transaction's offsets
   */
  SimulatedTransactions(Fate fate, SimulatedTopic topic, long timeoutMicros, double forgetful) {
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
    return entry.epoch;
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
    ongoing(id, epoch).published.add(published);
  }

  /** The offsets' partition is in the transaction, even if the group then refuses the offsets. */
  void touchOffsets(String id, int epoch) {
    ongoing(id, epoch).touchedOffsets = true;
  }

  void add(String id, int epoch, Map<Integer, OffsetAndMetadata> offsets) {
    Transaction transaction = ongoing(id, epoch);
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
      prepare(id, entry, commit);
    }
    return true;
  }

  private void prepare(String id, Entry entry, boolean commit) {
    Transaction transaction = entry.transaction;
    transaction.prepared = true;
    fate.note(id, commit ? "transaction is to be committed" : "transaction is to be aborted");
    fate.after(
        fate.isCalm() || fate.oneIn(2) ? 100 : fate.below(fate.oneIn(4) ? 300_000 : 3_000),
        () -> complete(id, entry, transaction, commit));
  }

  private void complete(String id, Entry entry, Transaction transaction, boolean commit) {
    entry.transaction = null;
    if (commit && entry.left.isEmpty() && fate.strikes(forgetful)) {
      fate.note(id, "the marker for the offsets is dropped", transaction.offsets);
      entry.left.putAll(transaction.offsets);
      end(id, transaction.published, Map.of(), commit);
      return;
    }
    if (transaction.touchedOffsets) {
      entry.left.keySet().forEach(partition -> topic.pending(partition, -1));
      end(id, List.of(), entry.left, commit);
      entry.left.clear();
    }
    transaction.offsets.keySet().forEach(partition -> topic.pending(partition, -1));
    Map<Integer, OffsetAndMetadata> newest = new HashMap<>(transaction.offsets);
    // As the broker does: what was committed meanwhile, outside of the transaction, is newer.
    newest
        .keySet()
        .removeIf(
            partition -> topic.plainCommits(partition) > transaction.plainCommits.get(partition));
    end(id, transaction.published, newest, commit);
  }

  private void end(
      String id,
      List<Published> published,
      Map<Integer, OffsetAndMetadata> offsets,
      boolean commit) {
    if (commit) {
      fate.note(id, "committed", published, offsets);
      topic.commit(published, offsets);
    } else {
      fate.note(id, "aborted", published);
    }
  }
}
