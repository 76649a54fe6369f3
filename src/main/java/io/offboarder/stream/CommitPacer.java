package io.offboarder.stream;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** When the next transaction begins. Confined to the Kafka thread. */
final class CommitPacer {
  /**
   * The coordinator ends a transaction after it has answered the commit, within a millisecond or
   * two. Until then the broker holds up the next one, and asks only every 20 ms whether it may go
   * on ({@code add.partitions.to.txn.retry.backoff.ms}): a transaction that waits this long to
   * begin is through sooner.
   */
  private static final Duration BREATHER = Duration.ofMillis(2);

  /**
   * Where records wait for room, a result takes long anyway. A transaction costs nearly the same at
   * any size, so it is made for many.
   */
  private static final Duration GATHERING = Duration.ofMillis(50);

  private static final Duration LONG_AGO = Duration.ofDays(-1);

  private final Duration interval;
  private Duration begun = LONG_AGO;
  private Duration ended = LONG_AGO;

  /**
   * A pacer.
   *
   * @param interval how far apart transactions begin, at least
   */
  CommitPacer(Duration interval) {
    this.interval = interval;
  }

  void begun(Duration now) {
    begun = now;
  }

  void committed(Duration now) {
    ended = now;
  }

  /**
   * How long to wait.
   *
   * @param gather whether to wait for more
   */
  Duration untilDue(Duration now, boolean gather) {
    Duration left = ended.plus(gather ? GATHERING : BREATHER).minus(now);
    Duration untilNext = begun.plus(interval).minus(now);
    return Collections.max(List.of(left, untilNext, Duration.ZERO));
  }
}
