package io.offboarder.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition for the time this instance owns it: what was polled and waits, what is finished and
 * waits, and the ledger. An assignment after a revocation makes a new one, so that a task knows by
 * its partition whether anybody still asks for its result. Confined to the Kafka thread, but for
 * {@link #isOwned}.
 */
final class Partition {
  final TopicPartition id;

  /** Polled, not yet admitted; the partition is paused while there are any. */
  final ArrayDeque<ConsumerRecord<byte[], byte[]>> pending = new ArrayDeque<>();

  /** Finished, their outcomes not committed; by offset. */
  final NavigableMap<Long, InFlightRecord> finished = new TreeMap<>();

  int running;
  boolean paused;
  private @Nullable PartitionLedger ledger;
  private long oldest = -1;
  private Duration oldestSince = Duration.ZERO;

  /** Handed back because their work had not begun in earnest when the partition began to leave. */
  int handedBack;

  private volatile Ownership ownership = Ownership.OWNED;

  /** Whose the partition is. */
  enum Ownership {
    /** Ours. */
    OWNED,
    /** Ours for a moment longer: nothing new is started. */
    LEAVING,
    /** Somebody else's, and so are its records. */
    GONE
  }

  Partition(TopicPartition id) {
    this.id = id;
  }

  boolean isRestored() {
    return ledger != null;
  }

  void restored(PartitionLedger from) {
    ledger = from;
  }

  PartitionLedger ledger() {
    if (ledger == null) {
      throw new IllegalStateException(id + " is not restored yet");
    }
    return ledger;
  }

  /** How it stands, looked at often enough to see how long the oldest record has been that. */
  PartitionStatus status(Duration now, long lag) {
    long base = ledger().base();
    boolean busy = running > 0 || !finished.isEmpty() || !pending.isEmpty();
    if (!busy || base != oldest) {
      oldest = base;
      oldestSince = now;
    }
    return new PartitionStatus(
        id.topic(), id.partition(), now.minus(oldestSince), ledger().span(), lag);
  }

  boolean admits() {
    return ownership == Ownership.OWNED && ledger != null;
  }

  /** Whether it is ours, and to stay. From any thread. */
  boolean isOwned() {
    return ownership == Ownership.OWNED;
  }

  boolean isGone() {
    return ownership == Ownership.GONE;
  }

  void leaving() {
    ownership = Ownership.LEAVING;
    pending.clear();
  }

  void gone() {
    ownership = Ownership.GONE;
    pending.clear();
    finished.clear();
  }
}
