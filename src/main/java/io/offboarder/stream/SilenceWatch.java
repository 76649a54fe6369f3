package io.offboarder.stream;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out while the engine stops whether any broker answers. Where none does nothing can be
 * published, so there is nothing to wait for.
 *
 * <p>It asks a question of its own, because the clients may have nothing to ask: the consumer of
 * paused partitions sends heartbeats alone, which may be seconds apart. It does not wait for an
 * answer before it asks again, so that the client turns to another broker where one is frozen.
 *
 * <p>Methods may be called from any thread.
 */
final class SilenceWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SilenceWatch.class);

  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(200);

  /**
   * How many questions go without an answer, 1.2 s of them: longer than a broker's pauses, and
   * short enough for a stop within two seconds. A pause of this process asks none.
   */
  private static final int MOST_UNANSWERED = 6;

  private final Executor later =
      CompletableFuture.delayedExecutor(BETWEEN_QUESTIONS.toMillis(), TimeUnit.MILLISECONDS);
  private final Supplier<? extends CompletionStage<?>> question;
  private final Runnable callOff;
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile boolean silent;
  private volatile boolean closed;

  /**
   * A watch that has not begun.
   *
   * @param question asks any broker for anything, without waiting
   * @param callOff ends what waits for Kafka; run again and again while that may have begun to wait
   *     once more
   */
  SilenceWatch(Supplier<? extends CompletionStage<?>> question, Runnable callOff) {
    this.question = question;
    this.callOff = callOff;
  }

  /** Begins to ask. */
  @SuppressWarnings("FutureReturnValueIgnored") // a turn does not fail
  void begin() {
    CompletableFuture.runAsync(this::turn);
  }

  private void turn() {
    if (closed) {
      return;
    }
    if (!silent && unanswered.get() >= MOST_UNANSWERED) {
      silent = true;
      LOG.warn(
          "Kafka does not answer, so nothing more can be published; what has no outcome is done"
              + " again by the next owner");
    }
    if (silent) {
      callOff.run();
    } else {
      ask();
    }
    later.execute(this::turn);
  }

  private void ask() {
    unanswered.incrementAndGet();
    try {
      question.get().thenAccept(answer -> unanswered.set(0));
    } catch (RuntimeException e) {
      LOG.debug("Kafka could not be asked", e);
    }
  }

  /** Whether Kafka was found not to answer. It stays so: what was called off does not go on. */
  boolean isSilent() {
    return silent;
  }

  /** Asks no more. */
  @Override
  public void close() {
    closed = true;
  }
}
