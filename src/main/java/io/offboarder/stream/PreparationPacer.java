package io.offboarder.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps records that take long to make work of, as those of an expensive intake rule do, from
 * taking all of the Kafka thread's time. After the second of them in a row, their partition waits
 * several times as long as the last one took; all such partitions together get one such turn at a
 * time. The others do not wait. Confined to the Kafka thread.
 */
final class PreparationPacer {
  /** Thousands of times as long as most records take; a cold start may take as long, once. */
  private static final Duration LONG = Duration.ofMillis(50);

  /** So they get a fifth of the thread's time. */
  private static final int REST = 4;

  private static final int IN_A_ROW = 2;

  private final Map<TopicPartition, Integer> longOnes = new HashMap<>();
  private Duration restsUntil = Duration.ZERO;

  /** Whether the next record of a partition may be read and made into work now. */
  boolean mayGo(TopicPartition partition, Duration now) {
    return longOnes.getOrDefault(partition, 0) < IN_A_ROW || now.compareTo(restsUntil) >= 0;
  }

  /** A record of a partition took so long, until now. */
  void prepared(TopicPartition partition, Duration took, Duration now) {
    if (took.compareTo(LONG) < 0) {
      longOnes.remove(partition);
    } else if (longOnes.merge(partition, 1, Integer::sum) >= IN_A_ROW) {
      restsUntil = now.plus(took.multipliedBy(REST));
    }
  }
}
