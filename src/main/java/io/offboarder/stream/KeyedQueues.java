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

  private final Map<String, ArrayDeque<InFlightWork>> waiting = new HashMap<>();

  /** Whether work may start now; if not, {@link #leave} returns it in its turn. */
  boolean enter(InFlightWork work) {
    String subject = work.work().subject();
    if (subject == null) {
      return true;
    }
    ArrayDeque<InFlightWork> queue = waiting.get(subject);
    if (queue == null) {
      waiting.put(subject, new ArrayDeque<>(0));
      return true;
    }
    queue.add(work);
    if (queue.size() == reportAt(queue.size())) {
      LOG.warn(
          "{} records wait for their turn behind one subject's work; the latest is {}",
          queue.size(),
          work);
    }
    return false;
  }

  /** Ends the turn of this work; returns that whose turn it is now, or null. */
  @Nullable InFlightWork leave(InFlightWork work) {
    String subject = work.work().subject();
    if (subject == null) {
      return null;
    }
    ArrayDeque<InFlightWork> queue = waiting.get(subject);
    InFlightWork next = queue == null ? null : queue.poll();
    if (next == null) {
      waiting.remove(subject);
    }
    return next;
  }

  /** Drops the work of a partition that waits for its turn, and returns it. */
  List<InFlightWork> dropWaiting(Partition partition) {
    List<InFlightWork> dropped = new ArrayList<>();
    for (ArrayDeque<InFlightWork> queue : waiting.values()) {
      queue.removeIf(work -> work.partition() == partition && dropped.add(work));
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
