package io.offboarder.stream;

import io.offboarder.stream.PartitionLedger.Proposal;
import io.offboarder.stream.StreamFailure.Reason;
import io.offboarder.stream.TransactionalWriter.TransactionResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what is finished: one transaction with the results of many tasks and the proposals of
 * their partitions' ledgers. Results stay with their partition until their transaction is known to
 * be committed; an aborted one costs the next the same bytes again and repeats no work.
 *
 * <p>A transaction is made on the publisher's thread, while the Kafka thread polls on; its end is
 * taken back with {@link #conclude}. There is one at a time, and while there is one, the transactor
 * is that thread's and nobody else's. Everything else is confined to the Kafka thread.
 *
 * <p>A transaction whose end is unknown is a doubt. Nothing else is published until it is settled:
 * the producer is replaced, which makes the coordinator end the transaction, and the committed
 * offsets are read back, which tell whether it was committed.
 */
final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final Duration READ_BACK_TIMEOUT = Duration.ofSeconds(5);

  /** How often a wait for the end of a transaction looks up, should nobody wake it. */
  private static final Duration STEP = Duration.ofMillis(5);

  private final TransactionalWriter writer;
  private final TopicPartition firstInput;
  private final TaskRunner runner;
  private final FailureBackoff failures;
  private final LoopClock clock;
  private final Executor publisher;
  private final CommitPacer pacer = new CommitPacer();
  private @Nullable InFlightTransaction inFlight;
  private @Nullable Batch doubt;

  /**
   * A committer.
   *
   * @param publisher where transactions are made; it may block, and takes one at a time
   */
  Committer(
      TransactionalWriter writer,
      List<String> topics,
      TaskRunner runner,
      LoopClock clock,
      Executor publisher) {
    this.writer = writer;
    this.publisher = publisher;
    this.firstInput = new TopicPartition(topics.get(0), 0);
    this.runner = runner;
    this.clock = clock;
    this.failures = new FailureBackoff("publishing to Kafka", clock);
  }

  private record Batch(
      Map<Partition, Proposal<InFlightRecord>> proposals, List<InFlightRecord> tasks) {

    /** What can be published now: at most what the ledgers can show. */
    static Batch of(Collection<Partition> partitions) {
      Map<Partition, Proposal<InFlightRecord>> proposals = new LinkedHashMap<>();
      List<InFlightRecord> tasks = new ArrayList<>();
      for (Partition partition : partitions) {
        if (!partition.finished.isEmpty()) {
          Proposal<InFlightRecord> proposal = partition.ledger().propose(partition.finished);
          if (!proposal.included().isEmpty()) {
            proposals.put(partition, proposal);
            tasks.addAll(proposal.included().values());
          }
        }
      }
      return new Batch(proposals, tasks);
    }

    Map<TopicPartition, OffsetAndMetadata> offsets() {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      proposals.forEach(
          (partition, proposal) ->
              offsets.put(
                  partition.id, new OffsetAndMetadata(proposal.base(), proposal.metadata())));
      return offsets;
    }
  }

  /** A transaction on the publisher's thread, and whose records are in it. */
  private record InFlightTransaction(
      Batch batch,
      List<InFlightRecord> senders,
      FutureTask<TransactionResult> transaction,
      Duration begun) {

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

  /**
   * When the publisher's thread was last seen to come round: now, unless it has something to do.
   */
  Duration aliveAt() {
    return inFlight == null ? clock.now() : inFlight.begun();
  }

  /** How many records are finished and not committed. */
  int finished(Collection<Partition> partitions) {
    return partitions.stream().mapToInt(partition -> partition.finished.size()).sum();
  }

  /**
   * How long to wait before the next {@link #begin}.
   *
   * @param crowded whether records wait for room
   */
  Duration untilDue(Collection<Partition> partitions, boolean crowded) {
    boolean gather = crowded && finished(partitions) < runner.records() / 2;
    return pacer.untilDue(clock.now(), gather);
  }

  /** Whether there is a transaction whose end was not taken back yet. */
  boolean isUnderWay() {
    return inFlight != null;
  }

  /**
   * Begins a transaction with what is finished, if anything is and nothing stands in the way. Its
   * end wakes the Kafka thread.
   */
  void begin(Collection<Partition> partitions, Consumer<byte[], byte[]> consumer) {
    if (inFlight != null || failures.isBackingOff() || !isReady(partitions, consumer)) {
      return;
    }
    Batch batch = Batch.of(partitions);
    if (batch.tasks().isEmpty()) {
      failures.over();
      return;
    }
    ConsumerGroupMetadata group = consumer.groupMetadata();
    if (group.generationId() < 0 || group.memberId().isEmpty()) {
      // Without a generation the broker would not fence us; the next poll tells what became of us.
      return;
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(batch.tasks().size());
    List<InFlightRecord> senders = new ArrayList<>(batch.tasks().size());
    for (InFlightRecord task : batch.tasks()) {
      for (ProducerRecord<byte[], byte[]> record : task.result().records()) {
        records.add(record);
        senders.add(task);
      }
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = batch.offsets();
    FutureTask<TransactionResult> transaction =
        new FutureTask<>(() -> writer.commit(records, offsets, group)) {
          @Override
          protected void done() {
            clock.wake();
          }
        };
    inFlight = new InFlightTransaction(batch, senders, transaction, clock.now());
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
      applyCommit(ended.batch());
      failures.over();
      pacer.committed(clock.now());
      return true;
    } else if (attempt instanceof TransactionResult.TooLarge tooLarge) {
      shorten(ended.senders().get(tooLarge.index()), tooLarge.cause());
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

  /** Waits for the transaction under way, and closes the producer; the next one is made anew. */
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
        TopicPartition any =
            partitions.stream().map(partition -> partition.id).findAny().orElse(firstInput);
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

  /** Finds out whether a transaction was committed. What is gone meanwhile, its new owner knows. */
  private void settle(Batch batch, Consumer<byte[], byte[]> consumer) {
    Set<TopicPartition> ours =
        batch.proposals().keySet().stream()
            .filter(partition -> !partition.isGone())
            .map(partition -> partition.id)
            .collect(Collectors.toSet());
    if (ours.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(ours, READ_BACK_TIMEOUT);
    boolean landed =
        batch.offsets().entrySet().stream()
            .filter(offset -> ours.contains(offset.getKey()))
            .allMatch(offset -> offset.getValue().equals(plain(committed.get(offset.getKey()))));
    LOG.info(
        "A transaction of {} records was {}",
        batch.tasks().size(),
        landed ? "committed" : "aborted");
    if (landed) {
      applyCommit(batch);
    }
  }

  private static @Nullable OffsetAndMetadata plain(@Nullable OffsetAndMetadata committed) {
    return committed == null
        ? null
        : new OffsetAndMetadata(committed.offset(), committed.metadata());
  }

  private void applyCommit(Batch batch) {
    batch
        .proposals()
        .forEach(
            (partition, proposal) -> {
              if (!partition.isGone()) {
                partition.ledger().committed(proposal);
                proposal.included().values().forEach(runner::release);
                proposal.included().keySet().forEach(partition.finished::remove);
              }
            });
  }

  private void shorten(InFlightRecord task, Throwable cause) {
    Supplier<Result> shortened = task.result().shortened();
    if (shortened == null) {
      throw new StreamFailure(
          Reason.RESULT_TOO_LARGE,
          "the result of "
              + task
              + " is too large for its topic even when shortened: "
              + FailureBackoff.oneLine(cause),
          cause);
    }
    LOG.warn(
        "The result of {} is too large for its topic and is shortened: {}",
        task,
        FailureBackoff.oneLine(cause));
    task.finished(shortened.get());
  }

  /** What stands in the way of publishing, in words; empty if nothing does. */
  String trouble() {
    return failures.reason();
  }
}
