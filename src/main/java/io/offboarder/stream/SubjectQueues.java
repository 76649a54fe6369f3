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
final class SubjectQueues {
  private final Map<String, ArrayDeque<Task>> waiting = new HashMap<>();
  private int tasksWaiting;

  /** Whether the task may start now; if not, {@link #leave} will return it in its turn. */
  boolean enter(Task task) {
    String subject = task.work.subject();
    if (subject == null) {
      return true;
    }
    ArrayDeque<Task> queue = waiting.get(subject);
    if (queue == null) {
      waiting.put(subject, new ArrayDeque<>(0));
      return true;
    }
    queue.add(task);
    tasksWaiting++;
    return false;
  }

  /** Ends a task's turn; returns the task whose turn it is now, or null. */
  @Nullable Task leave(Task task) {
    String subject = task.work.subject();
    if (subject == null) {
      return null;
    }
    ArrayDeque<Task> queue = waiting.get(subject);
    Task next = queue == null ? null : queue.poll();
    if (next == null) {
      waiting.remove(subject);
    } else {
      tasksWaiting--;
    }
    return next;
  }

  /** Drops a partition's tasks that wait for their turn, and returns them. */
  List<Task> dropWaiting(Partition partition) {
    List<Task> dropped = new ArrayList<>();
    for (ArrayDeque<Task> queue : waiting.values()) {
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
