package io.offboarder.stream;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * When the consumer is polled while work runs. A poll costs both of the consumer's threads some
 * hundred microseconds, whether or not it finds anything; without a limit they are most of what a
 * busy engine does. Confined to the Kafka thread.
 */
final class PollPacer {
  /** How long after one that found records the next poll is; each that finds none doubles it. */
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(2);

  /** How long a new record may lie unseen while others are worked on. */
  private static final Duration LONGEST_INTERVAL = Duration.ofMillis(5);

  /** Where there is no room for records, polls only tell of partitions that come and go. */
  private static final Duration INTERVAL_WITHOUT_ROOM = Duration.ofMillis(50);

  private Duration interval = SHORTEST_INTERVAL;
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
   * @param records how many it found
   * @param hasRoom whether any partition is not paused
   */
  void polled(Duration now, int records, boolean hasRoom) {
    if (records > 0) {
      interval = SHORTEST_INTERVAL;
    } else {
      interval = Collections.min(List.of(interval.plus(interval), LONGEST_INTERVAL));
    }
    due = now.plus(hasRoom ? interval : INTERVAL_WITHOUT_ROOM);
  }

  /** There is room where there was none. */
  void pollNow(Duration now) {
    due = now;
  }
}
