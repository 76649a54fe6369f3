package io.offboarder.kafka;

import io.offboarder.kafka.CommittedRecordReader.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts the records of all partitions in the order of their times. A record is held back until every
 * partition that is not read to its end has shown its next one; what comes after the ends is passed
 * on as it arrives. Each partition holds back a bounded number of records. For one thread.
 */
public final class OldestFirst {
  private static final int HELD_BACK = 1_000;

  private final CommittedRecordReader reader;
  private final Map<Integer, Deque<Entry>> waiting = new HashMap<>();

  /** The records of this reader, which the caller closes. */
  public OldestFirst(CommittedRecordReader reader) {
    this.reader = reader;
  }

  /**
   * Waits for records.
   *
   * @return those whose turn it is; empty when the time is over or reading was stopped
   * @throws KafkaFailure if Kafka refuses
   */
  public List<Entry> poll(Duration within) {
    for (Entry entry : reader.poll(within)) {
      waiting.computeIfAbsent(entry.partition(), p -> new ArrayDeque<>()).add(entry);
    }
    Set<Integer> unread = reader.unread();
    List<Entry> next = new ArrayList<>();
    for (Deque<Entry> oldest = oldest(unread); oldest != null; oldest = oldest(unread)) {
      next.add(oldest.remove());
    }
    reader.pause(
        waiting.entrySet().stream()
            .filter(one -> one.getValue().size() >= HELD_BACK)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet()));
    return next;
  }

  /** How many records wait for their turn. */
  int heldBack() {
    return waiting.values().stream().mapToInt(Deque::size).sum();
  }

  /** Where the next record is; null while a partition may still hold an older one. */
  private @Nullable Deque<Entry> oldest(Set<Integer> unread) {
    boolean complete =
        unread.stream()
            .allMatch(partition -> !waiting.getOrDefault(partition, new ArrayDeque<>()).isEmpty());
    return complete
        ? waiting.values().stream()
            .filter(entries -> !entries.isEmpty())
            .min(Comparator.comparing(entries -> entries.element().timestamp()))
            .orElse(null)
        : null;
  }

  /** Whether everything was passed on that was committed when the reader was opened. */
  public boolean isPastTheEnd() {
    return reader.isPastTheEnd() && waiting.values().stream().allMatch(Deque::isEmpty);
  }
}
