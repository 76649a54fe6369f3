package io.offboarder.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets work of one subject run one after another. Knows a subject only while its work runs, so the
 * bound on records in flight bounds this too. Confined to the Kafka thread.
 */
final class KeyedQueues {
  private final Map<String, ArrayDeque<InFlightRecord>> waiting = new HashMap<>();
  private int recordsWaiting;

  /** Whether the record's work may start now; if not, {@link #leave} returns it in its turn. */
  boolean enter(InFlightRecord record) {
    String subject = record.work().subject();
    if (subject == null) {
      return true;
    }
    ArrayDeque<InFlightRecord> queue = waiting.get(subject);
    if (queue == null) {
      waiting.put(subject, new ArrayDeque<>(0));
      return true;
    }
    queue.add(record);
    recordsWaiting++;
    return false;
  }

  /** Ends a record's turn; returns the record whose turn it is now, or null. */
  @Nullable InFlightRecord leave(InFlightRecord record) {
    String subject = record.work().subject();
    if (subject == null) {
      return null;
    }
    ArrayDeque<InFlightRecord> queue = waiting.get(subject);
    InFlightRecord next = queue == null ? null : queue.poll();
    if (next == null) {
      waiting.remove(subject);
    } else {
      recordsWaiting--;
    }
    return next;
  }

  /** Drops a partition's records that wait for their turn, and returns them. */
  List<InFlightRecord> dropWaiting(Partition partition) {
    List<InFlightRecord> dropped = new ArrayList<>();
    for (ArrayDeque<InFlightRecord> queue : waiting.values()) {
      queue.removeIf(record -> record.partition() == partition && dropped.add(record));
    }
    recordsWaiting -= dropped.size();
    return dropped;
  }

  /** Whether a record waits for its subject's turn. */
  boolean isAnyWaiting() {
    return recordsWaiting > 0;
  }
}
