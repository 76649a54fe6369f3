package io.offboarder.stream;

import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives partitions up in good order: starts nothing new in them, publishes what finishes, and hands
 * the rest back to the group. For one hand-over, confined to the Kafka thread.
 */
final class HandOver {
  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  private final List<Partition> leaving;
  private final Assignment assignment;
  private final WorkRunner runner;
  private final Committer committer;

  /** Begins to give these partitions up: from now on nothing new is started in them. */
  HandOver(List<Partition> leaving, Assignment assignment, WorkRunner runner, Committer committer) {
    this.leaving = leaving;
    this.assignment = assignment;
    this.runner = runner;
    this.committer = committer;
    for (Partition partition : leaving) {
      assignment.leaving(partition);
    }
  }

  /** Takes back what is finished, and begins to publish it. */
  void publish(Consumer<byte[], byte[]> open) {
    runner.collect();
    runner.dispatch();
    committer.begin(assignment.partitions(), open);
  }

  /** Whether no work runs and no result waits to be committed. */
  boolean isDrained() {
    return leaving.stream().allMatch(Partition::isDrained);
  }

  /**
   * Waits for the transaction in flight, and forgets the partitions.
   *
   * @param open the consumer; null if there is none any more
   */
  void end(@Nullable Consumer<byte[], byte[]> open) {
    committer.await();
    if (open != null && !committer.isInDoubt()) {
      assignment.handBack(open, leaving);
    }
    int unfinished = leaving.stream().mapToInt(Partition::unfinished).sum();
    if (unfinished > 0) {
      LOG.info(
          "Handing back the work of {} records without a result; the next owner redoes it",
          unfinished);
    }
    assignment.forget(leaving);
  }
}
