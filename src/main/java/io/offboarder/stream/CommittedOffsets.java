package io.offboarder.stream;

import io.offboarder.stream.OffsetMetadata.Decoded;
import io.offboarder.stream.OffsetMetadataSettings.Foreign;
import io.offboarder.stream.StreamFailure.Reason;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an owner of a partition reads in the commit metadata when it takes the partition over, and
 * the count of reading attempts that it keeps there: raised before it reads, taken back when it
 * gives the partition up in good order. Confined to the Kafka thread.
 */
final class CommittedOffsets {
  private static final Logger LOG = LoggerFactory.getLogger(CommittedOffsets.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final StreamSettings settings;

  CommittedOffsets(StreamSettings settings) {
    this.settings = settings;
  }

  /** Reads what the former owners of partitions have finished, and counts this owner. */
  void restore(Consumer<byte[], byte[]> consumer, Collection<Partition> partitions) {
    Set<TopicPartition> ids = partitions.stream().map(Partition::id).collect(Collectors.toSet());
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(ids, TIMEOUT);
    Map<Partition, PartitionLedger> ledgers = new HashMap<>();
    Map<Partition, ReadAttempts> attempts = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> counted = new HashMap<>();
    for (Partition partition : partitions) {
      OffsetAndMetadata offset = committed.get(partition.id());
      Decoded decoded = offset == null ? Decoded.nothing() : decode(partition.id(), offset);
      long base = offset == null ? consumer.position(partition.id(), TIMEOUT) : offset.offset();
      PartitionLedger ledger = ledger(base, decoded);
      ReadAttempts by = new ReadAttempts(decoded.attempts(), settings.readAhead());
      ledgers.put(partition, ledger);
      attempts.put(partition, by);
      counted.put(partition.id(), ledger.with(by.whileOwned(base), ledger.journal()));
    }
    consumer.commitSync(counted, TIMEOUT);
    ledgers.forEach(
        (partition, ledger) -> {
          ReadAttempts by = attempts.get(partition);
          by.committed(by.whileOwned(ledger.base()));
          partition.restored(ledger, by);
          // So that the consumer need not ask for it: late work may come first, and its offsets
          // may be pending then.
          consumer.seek(partition.id(), ledger.base());
        });
    report(partitions);
  }

  /** One line for all: a crash leaves as many as an instance had. */
  private static void report(Collection<Partition> partitions) {
    for (Partition partition : partitions) {
      LOG.debug("Reading {} from offset {}", partition.id(), partition.ledger().base());
    }
    List<String> suspicious =
        partitions.stream()
            .filter(partition -> partition.attempts().areSuspicious())
            .map(partition -> partition.id() + "@" + partition.ledger().base())
            .toList();
    if (!suspicious.isEmpty()) {
      LOG.warn(
          "The last owner of {} partitions died before it had read all that there was; reading with"
              + " care from {}",
          suspicious.size(),
          String.join(", ", suspicious));
    }
  }

  /**
   * Commits where in the journal the notes of partitions begin, so that their next owners need not
   * read what stands before it, however long it was that nothing was done for them. It shows that
   * the partitions have had no other owner since {@link #restore}.
   *
   * @throws KafkaException if it could not be committed
   */
  void noted(Consumer<byte[], byte[]> consumer, Collection<Partition> partitions, long end) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (Partition partition : partitions) {
      int attempts = partition.attempts().whileOwned(partition.ledger().base());
      offsets.put(partition.id(), partition.ledger().with(attempts, partition.journalBegin(end)));
    }
    consumer.commitSync(offsets, TIMEOUT);
  }

  /** Takes the count back for partitions that are given up in good order. */
  void handBack(Consumer<byte[], byte[]> consumer, Collection<Partition> leaving, long journalEnd) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (Partition partition : leaving) {
      if (!partition.isGone() && partition.isRestored()) {
        ReadAttempts attempts = partition.attempts();
        long base = partition.ledger().base();
        if (attempts.afterwards(base) != attempts.committed()) {
          offsets.put(
              partition.id(),
              partition
                  .ledger()
                  .with(attempts.afterwards(base), partition.journalBegin(journalEnd)));
        }
      }
    }
    if (!offsets.isEmpty()) {
      try {
        consumer.commitSync(offsets, TIMEOUT);
      } catch (KafkaException e) {
        LOG.info(
            "Kafka did not take the note that partitions are handed over in good order, so the next"
                + " owner reads slowly at first, as after a crash: {}",
            FailureBackoff.oneLine(e));
      }
    }
  }

  /** A ledger of a partition that begins at this offset. */
  PartitionLedger ledger(long base, Decoded finished) {
    return new PartitionLedger(
        base,
        finished,
        settings.offsetMetadata().encoding(),
        settings.offsetMetadata().maxChars(),
        settings.maxSpanPerPartition());
  }

  private Decoded decode(TopicPartition id, OffsetAndMetadata offset) {
    Optional<Decoded> decoded = OffsetMetadata.decode(offset.offset(), offset.metadata());
    if (decoded.isPresent()) {
      return decoded.get();
    }
    String found =
        "the commit metadata of "
            + id
            + " at offset "
            + offset.offset()
            + " was written by another program or is damaged ("
            + offset.metadata().length()
            + " characters)";
    if (settings.offsetMetadata().foreign() == Foreign.STOP) {
      throw new StreamFailure(Reason.FOREIGN_OFFSET_METADATA, found, null);
    }
    LOG.warn("{}; only its offset counts, so records beyond it may get a second result", found);
    return Decoded.nothing();
  }
}
