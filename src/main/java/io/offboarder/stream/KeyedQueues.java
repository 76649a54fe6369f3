package io.offboarder.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets work of one subject run one after another. A subject is known here only while a task of it
 * runs, so the bound on records in flight bounds this too. Confined to the Kafka thread.
 */
final class KeyedQueues {
  private final Map<String, ArrayDeque<InFlightRecord>> waiting = new HashMap<>();
  private int tasksWaiting;

  /** Whether the task may start now; if not, {@link #leave} will return it in its turn. */
  boolean enter(InFlightRecord task) {
    String subject = task.work.subject();
    if (subject == null) {
      return true;
    }
    ArrayDeque<InFlightRecord> queue = waiting.get(subject);
    if (queue == null) {
      waiting.put(subject, new ArrayDeque<>(0));
      return true;
    }
    queue.add(task);
    tasksWaiting++;
    return false;
  }

  /** Ends a task's turn; returns the task whose turn it is now, or null. */
  @Nullable InFlightRecord leave(InFlightRecord task) {
    String subject = task.work.subject();
    if (subject == null) {
      return null;
    }
    ArrayDeque<InFlightRecord> queue = waiting.get(subject);
    InFlightRecord next = queue == null ? null : queue.poll();
    if (next == null) {
      waiting.remove(subject);
    } else {
      tasksWaiting--;
    }
    return next;
  }

  /** Drops a partition's tasks that wait for their turn, and returns them. */
  List<InFlightRecord> dropWaiting(Partition partition) {
    List<InFlightRecord> dropped = new ArrayList<>();
    for (ArrayDeque<InFlightRecord> queue : waiting.values()) {
      queue.removeIf(task -> task.partition == partition && dropped.add(task));
    }
    tasksWaiting -= dropped.size();
    return dropped;
  }

  /** Whether a task waits for its subject's turn. */
  boolean isAnyWaiting() {
    return tasksWaiting > 0;
  }
}
