package io.offboarder.stream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Restores partitions that came, and tries again while Kafka does not let it. Confined to the Kafka
 * thread.
 */
final class Restoration {
  private final Assignment assignment;
  private final Committer committer;
  private final FailureBackoff failures;

  Restoration(Assignment assignment, Committer committer, LoopClock clock) {
    this.assignment = assignment;
    this.committer = committer;
    this.failures = new FailureBackoff("reading committed offsets", clock);
  }

  /**
   * Restores the partitions that are not restored yet, if there are any.
   *
   * @throws StreamFailure if the error does not pass by waiting
   */
  void restore(Consumer<byte[], byte[]> consumer) {
    if (!assignment.needsRestoring() || failures.isBackingOff()) {
      return;
    }
    try {
      assignment.restore(consumer);
      failures.over();
    } catch (RuntimeException e) {
      StreamFailure failure = KafkaErrors.failure("reading committed offsets", e);
      if (failure != null) {
        throw failure;
      }
      failures.failed(e);
      if (e instanceof TimeoutException) {
        // This instance's own last transaction may hold the offsets; opening a producer ends it.
        committer.closeProducer();
      }
    }
  }

  /** What stands in the way, in words; empty if nothing does. */
  String problem() {
    return failures.reason();
  }
}
