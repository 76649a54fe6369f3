package io.offboarder.stream;

import io.offboarder.stream.PartitionLedger.Proposal;
import io.offboarder.stream.StreamFailure.Reason;
import io.offboarder.stream.Transactor.Attempt;
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

  private final Transactor transactor;
  private final TopicPartition firstInput;
  private final TaskRunner runner;
  private final Trouble trouble;
  private final LoopTime time;
  private final Executor publisher;
  private final CommitTimer timer = new CommitTimer();
  private @Nullable UnderWay underWay;
  private @Nullable Batch doubt;

  /**
   * A committer.
   *
   * @param publisher where transactions are made; it may block, and takes one at a time
   */
  Committer(
      Transactor transactor,
      List<String> topics,
      TaskRunner runner,
      LoopTime time,
      Executor publisher) {
    this.transactor = transactor;
    this.publisher = publisher;
    this.firstInput = new TopicPartition(topics.get(0), 0);
    this.runner = runner;
    this.time = time;
    this.trouble = new Trouble("publishing to Kafka", time);
  }

  private record Batch(Map<Partition, Proposal<Task>> proposals, List<Task> tasks) {

    /** What can be published now: at most what the ledgers can show. */
    static Batch of(Collection<Partition> partitions) {
      Map<Partition, Proposal<Task>> proposals = new LinkedHashMap<>();
      List<Task> tasks = new ArrayList<>();
      for (Partition partition : partitions) {
        if (!partition.finished.isEmpty()) {
          Proposal<Task> proposal = partition.ledger().propose(partition.finished);
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
  private record UnderWay(
      Batch batch, List<Task> senders, FutureTask<Attempt> transaction, Duration begun) {

    /** How it ended, once it has. */
    Attempt attempt() {
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
    return underWay == null ? time.now() : underWay.begun();
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
    return timer.untilDue(time.now(), gather);
  }

  /** Whether there is a transaction whose end was not taken back yet. */
  boolean isUnderWay() {
    return underWay != null;
  }

  /**
   * Begins a transaction with what is finished, if anything is and nothing stands in the way. Its
   * end wakes the Kafka thread.
   */
  void begin(Collection<Partition> partitions, Consumer<byte[], byte[]> consumer) {
    if (underWay != null || trouble.isBackingOff() || !isReady(partitions, consumer)) {
      return;
    }
    Batch batch = Batch.of(partitions);
    if (batch.tasks().isEmpty()) {
      trouble.over();
      return;
    }
    ConsumerGroupMetadata group = consumer.groupMetadata();
    if (group.generationId() < 0 || group.memberId().isEmpty()) {
      // Without a generation the broker would not fence us; the next poll tells what became of us.
      return;
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(batch.tasks().size());
    List<Task> senders = new ArrayList<>(batch.tasks().size());
    for (Task task : batch.tasks()) {
      for (ProducerRecord<byte[], byte[]> record : task.result().records()) {
        records.add(record);
        senders.add(task);
      }
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = batch.offsets();
    FutureTask<Attempt> transaction =
        new FutureTask<>(() -> transactor.commit(records, offsets, group)) {
          @Override
          protected void done() {
            time.wake();
          }
        };
    underWay = new UnderWay(batch, senders, transaction, time.now());
    publisher.execute(transaction);
  }

  /**
   * Takes back the end of the transaction under way, if it has ended.
   *
   * @return whether it was committed
   * @throws StreamFailure if publishing cannot go on
   */
  boolean conclude() {
    UnderWay ended = underWay;
    if (ended == null || !ended.transaction().isDone()) {
      return false;
    }
    underWay = null;
    Attempt attempt = ended.attempt();
    if (attempt instanceof Attempt.Committed) {
      landed(ended.batch());
      trouble.over();
      timer.committed(time.now());
      return true;
    } else if (attempt instanceof Attempt.TooLarge tooLarge) {
      shorten(ended.senders().get(tooLarge.index()), tooLarge.cause());
    } else if (attempt instanceof Attempt.InDoubt inDoubt) {
      doubt = ended.batch();
      trouble.failed(inDoubt.cause());
    } else if (attempt instanceof Attempt.Aborted aborted) {
      trouble.failed(aborted.cause());
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
    while (underWay != null && !underWay.transaction().isDone()) {
      time.pause(STEP);
      if (Thread.interrupted()) {
        throw new InterruptException("interrupted while a transaction was under way");
      }
    }
    conclude();
  }

  /** Waits for the transaction under way, and closes the producer; the next one is made anew. */
  void closeProducer() {
    await();
    transactor.close();
  }

  /** Closes the producer at once; a transaction under way is given up. */
  void close() {
    underWay = null;
    transactor.close();
  }

  /** Whether there is a producer and no doubt; tries to get there. */
  private boolean isReady(Collection<Partition> partitions, Consumer<byte[], byte[]> consumer) {
    try {
      if (!transactor.isOpen()) {
        TopicPartition any =
            partitions.stream().map(partition -> partition.id).findAny().orElse(firstInput);
        transactor.open(consumer.groupMetadata(), any);
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
      trouble.failed(e);
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
      landed(batch);
    }
  }

  private static @Nullable OffsetAndMetadata plain(@Nullable OffsetAndMetadata committed) {
    return committed == null
        ? null
        : new OffsetAndMetadata(committed.offset(), committed.metadata());
  }

  private void landed(Batch batch) {
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

  private void shorten(Task task, Throwable cause) {
    Supplier<Result> shortened = task.result().shortened();
    if (shortened == null) {
      throw new StreamFailure(
          Reason.RESULT_TOO_LARGE,
          "the result of "
              + task
              + " is too large for its topic even when shortened: "
              + Trouble.oneLine(cause),
          cause);
    }
    LOG.warn(
        "The result of {} is too large for its topic and is shortened: {}",
        task,
        Trouble.oneLine(cause));
    task.finished(shortened.get());
  }

  /** What stands in the way of publishing, in words; empty if nothing does. */
  String trouble() {
    return trouble.words();
  }
}
