package io.offboarder.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets work of one subject run one after another. Knows a subject only while its work runs, so the
 * bounds on what is in flight bound this too. Confined to the Kafka thread.
 */
final class KeyedQueues {
  private static final Logger LOG = LoggerFactory.getLogger(KeyedQueues.class);

  private final Map<String, ArrayDeque<InFlightRecord>> waiting = new HashMap<>();

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
    if (queue.size() == reportAt(queue.size())) {
      LOG.warn(
          "{} records wait for their turn behind one subject's work; the latest is {}",
          queue.size(),
          record);
    }
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
    }
    return next;
  }

  /** Drops a partition's records that wait for their turn, and returns them. */
  List<InFlightRecord> dropWaiting(Partition partition) {
    List<InFlightRecord> dropped = new ArrayList<>();
    for (ArrayDeque<InFlightRecord> queue : waiting.values()) {
      queue.removeIf(record -> record.partition() == partition && dropped.add(record));
    }
    return dropped;
  }

  /** The next power of ten, from a hundred on. */
  private static int reportAt(int size) {
    int at = 100;
    while (at < size) {
      at *= 10;
    }
    return at;
  }
}
