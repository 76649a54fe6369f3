package io.offboarder.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices records that no {@code read_committed} consumer can read, because a transaction before
 * them is open: that of another producer, which may have died. Kafka ends such a transaction when
 * its timeout is over, a hanging one never.
 *
 * <p>A partition is blocked while its last stable offset is below its high watermark and does not
 * move. Confined to the Kafka thread; asks without waiting, now and then.
 */
final class HiddenRecordsMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(HiddenRecordsMonitor.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final GroupAdmin admin;
  private final LoopClock clock;
  private final Map<TopicPartition, Block> blocks = new HashMap<>();
  private Duration lookAt = Duration.ZERO;

  /** What came back and was not looked at yet; written by other threads. */
  private volatile Ends answer = Ends.NONE;

  /** The ends of partitions: of all records, and then of those that can be read. */
  private record Ends(Map<TopicPartition, Long> all, Map<TopicPartition, Long> readable) {
    static final Ends NONE = new Ends(Map.of(), Map.of());
  }

  private static final class Block {
    private final long stableOffset;
    private final Duration since;
    private boolean reported;

    Block(long stableOffset, Duration since) {
      this.stableOffset = stableOffset;
      this.since = since;
    }
  }

  HiddenRecordsMonitor(GroupAdmin admin, LoopClock clock) {
    this.admin = admin;
    this.clock = clock;
  }

  /** Looks at these partitions, if it is time to. */
  void look(Set<TopicPartition> partitions) {
    blocks.keySet().retainAll(partitions);
    Ends ends = answer;
    answer = Ends.NONE;
    ends.readable().forEach((id, stable) -> judge(id, stable, ends.all().getOrDefault(id, stable)));
    if (clock.now().compareTo(lookAt) >= 0 && !partitions.isEmpty()) {
      lookAt = clock.now().plus(INTERVAL);
      ask(Set.copyOf(partitions));
    }
  }

  /** In this order, because the second end may have moved meanwhile. */
  private void ask(Set<TopicPartition> partitions) {
    CompletionStage<Map<TopicPartition, Long>> all =
        admin.endOffsets(partitions, IsolationLevel.READ_UNCOMMITTED);
    all.thenCompose(
            high ->
                admin
                    .endOffsets(partitions, IsolationLevel.READ_COMMITTED)
                    .thenAccept(stable -> answer = new Ends(high, stable)))
        .exceptionally(
            e -> {
              LOG.debug("The ends of {} are not known: {}", partitions, e.toString());
              return null;
            });
  }

  private void judge(TopicPartition id, long stable, long high) {
    Block block = blocks.get(id);
    if (stable >= high) {
      if (block != null && block.reported) {
        LOG.info("{} can be read on from offset {}", id, block.stableOffset);
      }
      blocks.remove(id);
    } else if (block == null || block.stableOffset != stable) {
      blocks.put(id, new Block(stable, clock.now()));
    } else if (!block.reported && hiddenFor(id).compareTo(LONG) >= 0) {
      block.reported = true;
      LOG.warn(
          "{} has {} records behind a producer's open transaction at offset {}, for {} s now; nobody"
              + " who reads committed records can read them before it ends",
          id,
          high - stable,
          stable,
          hiddenFor(id).toSeconds());
    }
  }

  /** For how long a partition has been blocked; zero if it is not. */
  Duration hiddenFor(TopicPartition id) {
    Block block = blocks.get(id);
    return block == null ? Duration.ZERO : clock.now().minus(block.since);
  }
}
