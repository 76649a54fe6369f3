package io.offboarder.stream;

import java.time.Duration;

/**
 * When the consumer is polled while work runs. A poll costs both of the consumer's threads some
 * hundred microseconds, whether or not it finds anything; without a limit they are most of what a
 * busy engine does. Confined to the Kafka thread.
 */
final class PollTimer {
  /** How long a new record may lie unseen while others are worked on. */
  private static final Duration INTERVAL = Duration.ofMillis(5);

  /** Where there is no room for records, polls only tell of partitions that come and go. */
  private static final Duration INTERVAL_WITHOUT_ROOM = Duration.ofMillis(50);

  private Duration due = Duration.ZERO;

  boolean isDue(Duration now) {
    return now.compareTo(due) >= 0;
  }

  Duration untilDue(Duration now) {
    return isDue(now) ? Duration.ZERO : due.minus(now);
  }

  /**
   * A poll has returned.
   *
   * @param records how many it found; where there were some, there are more
   * @param hasRoom whether any partition is not paused
   */
  void polled(Duration now, int records, boolean hasRoom) {
    due = records > 0 ? now : now.plus(hasRoom ? INTERVAL : INTERVAL_WITHOUT_ROOM);
  }

  /** There is room where there was none. */
  void pollNow(Duration now) {
    due = now;
  }
}
