package io.offboarder.stream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What one transaction publishes and commits: of each partition, as many results as its ledger can
 * show, the results of its late work, and the proposal that shows the ledger. Does not change once
 * it is made.
 */
final class TransactionBatch {
  private final Map<Partition, Contribution> contributions = new LinkedHashMap<>();
  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final List<InFlightWork> senders = new ArrayList<>();
  private int results;

  private TransactionBatch() {}

  /**
   * What these partitions can publish now.
   *
   * @param journalEnd where the journal is known to have ended
   */
  static TransactionBatch of(Collection<Partition> partitions, long journalEnd) {
    TransactionBatch batch = new TransactionBatch();
    for (Partition partition : partitions) {
      if (partition.finishedCount() > 0) {
        batch.add(partition, partition.propose(journalEnd));
      }
    }
    return batch;
  }

  private void add(Partition partition, Contribution contribution) {
    List<InFlightWork> work = contribution.work();
    if (work.isEmpty()) {
      return;
    }
    contributions.put(partition, contribution);
    for (InFlightWork inFlight : work) {
      results++;
      for (ProducerRecord<byte[], byte[]> record : inFlight.result().records()) {
        records.add(record);
        senders.add(inFlight);
      }
    }
  }

  /** How many results it publishes. */
  int results() {
    return results;
  }

  /** The records to publish. */
  List<ProducerRecord<byte[], byte[]>> records() {
    return records;
  }

  /** Whose result the record at this index is part of. */
  InFlightWork sender(int index) {
    return senders.get(index);
  }

  /** The offsets to commit. */
  Map<TopicPartition, OffsetAndMetadata> offsets() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    contributions.forEach(
        (partition, contribution) -> offsets.put(partition.id(), contribution.offset()));
    return offsets;
  }

  /** The partitions in it that this instance still has. */
  Set<TopicPartition> remaining() {
    return contributions.keySet().stream()
        .filter(partition -> !partition.isGone())
        .map(Partition::id)
        .collect(Collectors.toSet());
  }

  /**
   * Whether these are the offsets that it commits.
   *
   * @param committed of the {@linkplain #remaining remaining} partitions
   */
  boolean isCommitted(Map<TopicPartition, OffsetAndMetadata> committed) {
    return contributions.entrySet().stream()
        .filter(entry -> !entry.getKey().isGone())
        .allMatch(
            entry ->
                Optional.ofNullable(committed.get(entry.getKey().id()))
                    .map(read -> new OffsetAndMetadata(read.offset(), read.metadata()))
                    .filter(entry.getValue().offset()::equals)
                    .isPresent());
  }

  /** Tells the remaining partitions that it was committed, and releases what it published. */
  void committed(WorkRunner runner) {
    contributions.forEach(
        (partition, contribution) -> {
          if (!partition.isGone()) {
            partition.committed(contribution);
            contribution.work().forEach(runner::release);
          }
        });
  }
}
