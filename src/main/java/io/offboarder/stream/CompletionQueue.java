package io.offboarder.stream;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The only way from the threads that do the work to the Kafka thread. Holds at most one completion
 * for each running work, so the bound on records in flight bounds it too.
 */
final class CompletionQueue {
  private final ConcurrentLinkedQueue<Completion> completions = new ConcurrentLinkedQueue<>();
  private final LoopClock clock;

  /** Set before the queue is looked at, and read after it is added to: no post goes unnoticed. */
  private volatile boolean awaited;

  /** A queue for the thread whose clock this is. */
  CompletionQueue(LoopClock clock) {
    this.clock = clock;
  }

  /** How work ended: with what writes its result, or with a failure. */
  record Completion(
      InFlightWork work, @Nullable ResultWriter result, @Nullable Throwable failure) {}

  /** Posts a completion; from any thread. */
  void post(Completion completion) {
    completions.add(completion);
    if (awaited) {
      clock.wake();
    }
  }

  /** The next completion, or null; on the Kafka thread. */
  @Nullable Completion take() {
    return completions.poll();
  }

  /** Waits until there is a completion, or this long; on the Kafka thread. */
  void await(Duration atMost) {
    awaited = true;
    if (completions.isEmpty()) {
      clock.pause(atMost);
    }
    awaited = false;
  }
}
