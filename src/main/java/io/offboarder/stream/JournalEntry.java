package io.offboarder.stream;

import java.time.Instant;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What stands in the journal. The journal has one order for all of a group's instances, and in this
 * order lies what it is good for: a note counts if its writer is, at the note's place, the last to
 * have claimed the partition that it speaks of.
 */
sealed interface JournalEntry {

  /** The engine that wrote it; each run of an engine has a name of its own. */
  String writer();

  /**
   * An owner of partitions begins. What it finds before its claim is all that its work inherits.
   */
  record Claim(String writer, Set<TopicPartition> partitions) implements JournalEntry {
    /** Copies the set. */
    public Claim {
      partitions = Set.copyOf(partitions);
    }
  }

  /**
   * What an attempt is about to do.
   *
   * @param sequence tells it from all others of its writer
   * @param work the work that it is an attempt at
   * @param claim where its writer's claim of the partition stands
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes that nobody compares or changes
  record Note(String writer, long sequence, WorkId work, long claim, byte[] value)
      implements JournalEntry {}

  /** What a judge says to all judges of the group. */
  @SuppressWarnings("ArrayRecordComponent") // bytes that nobody compares or changes
  record Announcement(String writer, byte[] value) implements JournalEntry {}

  /**
   * Names work of a group, whichever instance does it.
   *
   * @param offset of the record that asked for it
   * @param late whether it is {@link LateWork}
   */
  record WorkId(TopicPartition partition, long offset, boolean late) {
    @Override
    public String toString() {
      return (late ? "late work of " : "") + partition + "@" + offset;
    }
  }

  /** An entry and its place. */
  record Placed(long offset, Instant appendedAt, JournalEntry entry) {}
}
