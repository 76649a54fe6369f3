package io.offboarder.stream;

import io.offboarder.stream.StreamFailure.Reason;
import io.offboarder.stream.TransactionalWriter.TransactionResult;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what is finished: one transaction with the results of many records and the proposals of
 * their partitions' ledgers. Results stay with their partition until their transaction is known to
 * be committed; after an abort the next transaction sends the same bytes again and repeats no work.
 *
 * <p>The publisher's thread makes a transaction while the Kafka thread polls on; {@link #conclude}
 * takes its end back. There is one at a time, and meanwhile the {@link TransactionalWriter} belongs
 * to that thread alone. Everything else is confined to the Kafka thread.
 *
 * <p>A transaction whose end is unknown is a doubt. Nothing else is published until it is settled:
 * the producer is replaced, which makes the coordinator end the transaction, and the committed
 * offsets are read back, which tell whether it was committed.
 */
final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final Duration READ_BACK_TIMEOUT = Duration.ofSeconds(5);

  /** Upper bound of one wait for the end of a transaction, in case a wake-up is missed. */
  private static final Duration STEP = Duration.ofMillis(5);

  private final TransactionalWriter writer;
  private final TopicPartition firstInput;
  private final WorkRunner runner;
  private final FailureBackoff failures;
  private final LoopClock clock;
  private final Executor publisher;
  private final LongSupplier journalEnd;
  private final CommitPacer pacer;
  private @Nullable InFlightTransaction inFlight;
  private @Nullable TransactionBatch doubt;

  /**
   * A committer.
   *
   * @param interval how far apart transactions begin, at least
   * @param publisher where transactions are made; it may block, and takes one at a time
   * @param journalEnd where the journal is known to have ended
   */
  Committer(
      TransactionalWriter writer,
      List<String> topics,
      WorkRunner runner,
      LoopClock clock,
      Duration interval,
      Executor publisher,
      LongSupplier journalEnd) {
    this.writer = writer;
    this.journalEnd = journalEnd;
    this.pacer = new CommitPacer(interval);
    this.publisher = publisher;
    this.firstInput = new TopicPartition(topics.get(0), 0);
    this.runner = runner;
    this.clock = clock;
    this.failures = new FailureBackoff("publishing to Kafka", clock);
  }

  /** A transaction on the publisher's thread. */
  private record InFlightTransaction(
      TransactionBatch batch, FutureTask<TransactionResult> transaction, Duration begun) {

    /** How it ended, once it has. */
    TransactionResult result() {
      try {
        return transaction.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
  }

  /** When the publisher's thread was last known to be alive: now, unless it has something to do. */
  Duration aliveAt() {
    return inFlight == null ? clock.now() : inFlight.begun();
  }

  /** How many results are finished and not committed. */
  int finished(Collection<Partition> partitions) {
    return partitions.stream().mapToInt(Partition::finishedCount).sum();
  }

  /**
   * How long to wait before the next {@link #begin}.
   *
   * @param crowded whether records wait for room
   */
  Duration untilDue(Collection<Partition> partitions, boolean crowded) {
    boolean gather = crowded && finished(partitions) < runner.active() / 2;
    return pacer.untilDue(clock.now(), gather);
  }

  /** Whether there is a transaction whose end was not taken back yet. */
  boolean isInFlight() {
    return inFlight != null;
  }

  /** Whether it is unknown what is committed. */
  boolean isInDoubt() {
    return doubt != null;
  }

  /**
   * Begins a transaction with what is finished, if anything is and nothing stands in the way. Its
   * end wakes the Kafka thread.
   */
  void begin(Collection<Partition> partitions, Consumer<byte[], byte[]> consumer) {
    if (inFlight != null || failures.isBackingOff() || !isReady(partitions, consumer)) {
      return;
    }
    TransactionBatch batch = TransactionBatch.of(partitions, journalEnd.getAsLong());
    if (batch.results() == 0) {
      failures.over();
      return;
    }
    ConsumerGroupMetadata group = consumer.groupMetadata();
    if (group.generationId() < 0 || group.memberId().isEmpty()) {
      // Without a generation the broker fences nobody; the next poll tells whether this instance
      // is still a member.
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = batch.offsets();
    FutureTask<TransactionResult> transaction =
        new FutureTask<>(() -> writer.commit(batch.records(), offsets, group)) {
          @Override
          protected void done() {
            clock.wake();
          }
        };
    inFlight = new InFlightTransaction(batch, transaction, clock.now());
    pacer.begun(clock.now());
    publisher.execute(transaction);
  }

  /**
   * Takes back the end of the transaction under way, if it has ended.
   *
   * @return whether it was committed
   * @throws StreamFailure if publishing cannot go on
   */
  boolean conclude() {
    InFlightTransaction ended = inFlight;
    if (ended == null || !ended.transaction().isDone()) {
      return false;
    }
    inFlight = null;
    TransactionResult attempt = ended.result();
    if (attempt instanceof TransactionResult.Committed) {
      ended.batch().committed(runner);
      failures.over();
      pacer.committed(clock.now());
      return true;
    } else if (attempt instanceof TransactionResult.TooLarge tooLarge) {
      shorten(ended.batch().sender(tooLarge.index()), tooLarge.cause());
    } else if (attempt instanceof TransactionResult.InDoubt inDoubt) {
      doubt = ended.batch();
      failures.failed(inDoubt.cause());
    } else if (attempt instanceof TransactionResult.Aborted aborted) {
      failures.failed(aborted.cause());
    }
    return false;
  }

  /**
   * Waits for the transaction under way, if there is one, and takes its end back. As long as the
   * producer's own timeouts allow.
   *
   * @throws InterruptException if the Kafka thread was interrupted
   */
  void await() {
    while (inFlight != null && !inFlight.transaction().isDone()) {
      clock.pause(STEP);
      if (Thread.interrupted()) {
        throw new InterruptException("interrupted while a transaction was under way");
      }
    }
    conclude();
  }

  /** Waits for the transaction in flight, and closes the producer; the next begin makes another. */
  void closeProducer() {
    await();
    writer.close();
  }

  /** Closes the producer at once; a transaction under way is given up. */
  void close() {
    inFlight = null;
    writer.close();
  }

  /** Whether there is a producer and no doubt; tries to get there. */
  private boolean isReady(Collection<Partition> partitions, Consumer<byte[], byte[]> consumer) {
    try {
      if (!writer.isOpen()) {
        TopicPartition any = partitions.stream().map(Partition::id).findAny().orElse(firstInput);
        writer.open(consumer.groupMetadata(), any);
      }
      if (doubt != null) {
        settle(doubt, consumer);
        doubt = null;
      }
      return true;
    } catch (RuntimeException e) {
      StreamFailure failure = KafkaErrors.failure("preparing to publish", e);
      if (failure != null) {
        throw failure;
      }
      failures.failed(e);
      return false;
    }
  }

  /** Finds out whether a transaction was committed; the next owner of a lost partition knows. */
  private void settle(TransactionBatch batch, Consumer<byte[], byte[]> consumer) {
    Set<TopicPartition> remaining = batch.remaining();
    if (remaining.isEmpty()) {
      return;
    }
    boolean committed = batch.isCommitted(consumer.committed(remaining, READ_BACK_TIMEOUT));
    LOG.info(
        "A transaction of {} results was {}", batch.results(), committed ? "committed" : "aborted");
    if (committed) {
      batch.committed(runner);
    }
  }

  private void shorten(InFlightWork work, Throwable cause) {
    ResultWriter shortened = work.result().shortened();
    String reason = FailureBackoff.oneLine(cause);
    if (shortened == null) {
      throw new StreamFailure(
          Reason.RESULT_TOO_LARGE,
          "the result of " + work + " is too large for its topic even when shortened: " + reason,
          cause);
    }
    LOG.warn("The result of {} is too large for its topic and is shortened: {}", work, reason);
    work.shortened(shortened.write());
  }

  /** What stands in the way of publishing, in words; empty if nothing does. */
  String problem() {
    return failures.reason();
  }
}
