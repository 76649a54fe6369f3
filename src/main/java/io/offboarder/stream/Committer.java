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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what is finished: one transaction with the results of many tasks and the proposals of
 * their partitions' ledgers. Results stay with their partition until their transaction is known to
 * be committed; an aborted one costs the next flush the same bytes again and repeats no work.
 *
 * <p>A transaction whose end is unknown is a doubt. Nothing else is published until it is settled:
 * the producer is replaced, which makes the coordinator end the transaction, and the committed
 * offsets are read back, which tell whether it was committed. Confined to the Kafka thread.
 */
final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final Duration READ_BACK_TIMEOUT = Duration.ofSeconds(5);

  private final Transactor transactor;
  private final TopicPartition firstInput;
  private final TaskRunner runner;
  private final Trouble trouble;
  private final LoopTime time;
  private final CommitTimer timer = new CommitTimer();
  private @Nullable Batch doubt;

  Committer(Transactor transactor, List<String> topics, TaskRunner runner, LoopTime time) {
    this.transactor = transactor;
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

  /** How many records are finished and not committed. */
  int finished(Collection<Partition> partitions) {
    return partitions.stream().mapToInt(partition -> partition.finished.size()).sum();
  }

  /**
   * How long to wait before the next {@link #flush}.
   *
   * @param crowded whether records wait for room
   */
  Duration untilDue(Collection<Partition> partitions, boolean crowded) {
    boolean gather = crowded && finished(partitions) < runner.records() / 2;
    return timer.untilDue(time.now(), gather);
  }

  /**
   * Publishes what is finished, if anything is and nothing stands in the way.
   *
   * @return whether anything was committed
   */
  boolean flush(Collection<Partition> partitions, Consumer<byte[], byte[]> consumer) {
    if (trouble.isBackingOff() || !isReady(partitions, consumer)) {
      return false;
    }
    Batch batch = Batch.of(partitions);
    if (batch.tasks().isEmpty()) {
      trouble.over();
      return false;
    }
    ConsumerGroupMetadata group = consumer.groupMetadata();
    if (group.generationId() < 0 || group.memberId().isEmpty()) {
      // Without a generation the broker would not fence us; the next poll tells what became of us.
      return false;
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(batch.tasks().size());
    List<Task> senders = new ArrayList<>(batch.tasks().size());
    for (Task task : batch.tasks()) {
      for (ProducerRecord<byte[], byte[]> record : task.result().records()) {
        records.add(record);
        senders.add(task);
      }
    }
    Attempt attempt = transactor.commit(records, batch.offsets(), group);
    if (attempt instanceof Attempt.Committed) {
      landed(batch);
      trouble.over();
      timer.committed(time.now());
      return true;
    } else if (attempt instanceof Attempt.TooLarge tooLarge) {
      shorten(senders.get(tooLarge.index()), tooLarge.cause());
    } else if (attempt instanceof Attempt.InDoubt inDoubt) {
      doubt = batch;
      trouble.failed(inDoubt.cause());
    } else if (attempt instanceof Attempt.Aborted aborted) {
      trouble.failed(aborted.cause());
    }
    return false;
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
