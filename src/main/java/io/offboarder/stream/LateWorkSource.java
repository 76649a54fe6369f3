package io.offboarder.stream;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Knows the late work that waits, from a table of what is published, and gives out what may start.
 * Called on the Kafka thread alone; must not block, must not throw.
 *
 * <p>What it gives out is done exactly once if the source keeps three rules:
 *
 * <ul>
 *   <li>It gives out nothing of a partition before its table has caught up: with the end of every
 *       topic that results of late work go to, as asked for after {@link #assigned}, uncommitted
 *       records included. The offsets that the engine has read then are those that the former
 *       owner's last transaction left; but its records may become visible a moment after its
 *       offsets, so an end that counts only what is visible already is not enough.
 *   <li>It gives out nothing of a partition after {@link #lost}.
 *   <li>It gives out nothing twice, unless its partition was lost and assigned in between. What is
 *       given out it forgets when the table shows that it has ended. The engine starts failed work
 *       again by itself.
 * </ul>
 */
public interface LateWorkSource {
  /** Has no late work. */
  LateWorkSource NONE =
      new LateWorkSource() {
        @Override
        public void assigned(TopicPartition partition) {}

        @Override
        public void lost(TopicPartition partition) {}

        @Override
        public @Nullable LateWork next() {
          return null;
        }

        @Override
        public boolean isOpen(TopicPartition partition, long offset) {
          return false;
        }
      };

  /** This instance owns a partition, and has read the offsets that are committed for it. */
  void assigned(TopicPartition partition);

  /**
   * A partition is given up, or was taken away. What was given out of it is published within the
   * hand-over, or never; a later owner's table tells which.
   */
  void lost(TopicPartition partition);

  /**
   * The work that is to be started next; null if none is due. Asked whenever there is room, many
   * times a second.
   */
  @Nullable LateWork next();

  /**
   * Whether late work of a record may still come, or was given out and has not ended; true while
   * the table has not caught up. What such work has noted is kept for it.
   */
  default boolean isOpen(TopicPartition partition, long offset) {
    return true;
  }

  /**
   * Whether an open transaction has hidden the end of the table's topic for far longer than any
   * takes. Kafka may have forgotten to end it (KAFKA-20734), and it may be this instance's own: the
   * engine then ends what its name has left open.
   */
  default boolean isHidden() {
    return false;
  }
}
