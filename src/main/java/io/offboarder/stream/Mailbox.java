package io.offboarder.stream;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The only way from the threads that do the work to the Kafka thread. Holds at most one completion
 * for each running task, so the bound on records in flight bounds it.
 */
final class Mailbox {
  private final ConcurrentLinkedQueue<Completion> completions = new ConcurrentLinkedQueue<>();

  /** How work ended: with a result, or with a failure. */
  record Completion(Task task, @Nullable Result result, @Nullable Throwable failure) {}

  /** Posts a completion; from any thread. */
  void post(Completion completion) {
    completions.add(completion);
  }

  /** The next completion, or null; on the Kafka thread. */
  @Nullable Completion take() {
    return completions.poll();
  }
}
