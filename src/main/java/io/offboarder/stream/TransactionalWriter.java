package io.offboarder.stream;

import io.offboarder.stream.StreamFailure.Reason;
import io.offboarder.stream.StreamListener.End;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Owns the transactional producer and makes one transaction at a time. Every exception of the
 * producer ends here and becomes one of the few answers of {@link TransactionResult}, or a {@link
 * StreamFailure}. For one thread at a time: the publisher's during a commit, else the Kafka thread;
 * only the send callbacks run on the producer's.
 *
 * <p>A commit that failed is never taken for an abort: after a timeout the coordinator may have
 * committed nevertheless, and the client forbids to abort then ({@code
 * KafkaProducer.commitTransaction}). Closing that producer and initialising the next one with the
 * same transactional id ends the open transaction one way or the other; which way, the committed
 * offsets tell.
 */
final class TransactionalWriter implements AutoCloseable {
  /** Just below the size at which the client opens a batch for a record of its own. */
  private static final int LARGE_BYTES = 15 << 10;

  private static final int FENCES_ALLOWED = 3;
  private static final Duration FENCES_WITHIN = Duration.ofMinutes(1);

  private final KafkaClients clients;
  private final @Nullable String lateWorkTopic;
  private final Duplicates duplicates;
  private final LoopClock clock;
  private final StreamListener listener;
  private final Deque<Duration> fences = new ArrayDeque<>();
  private @Nullable Producer<byte[], byte[]> producer;
  private boolean fenced;

  /**
   * Whether a committed transaction may be open where late work is read. Kafka knows only of the
   * last one, which may be a later one that was aborted.
   */
  private boolean committedMayBeOpen;

  TransactionalWriter(
      KafkaClients clients,
      @Nullable String lateWorkTopic,
      Duplicates duplicates,
      LoopClock clock,
      StreamListener listener) {
    this.clients = clients;
    this.lateWorkTopic = lateWorkTopic;
    this.duplicates = duplicates;
    this.clock = clock;
    this.listener = listener;
  }

  /** How a transaction ended. */
  sealed interface TransactionResult {
    /** All of it is visible. */
    record Committed() implements TransactionResult {}

    /** None of it ever will be; to be sent again. */
    record Aborted(Throwable cause) implements TransactionResult {}

    /** None of it ever will be, because Kafka takes no record as large as the one at this index. */
    record TooLarge(int index, Throwable cause) implements TransactionResult {}

    /**
     * All of it or none of it is visible; once the writer is open again, the offsets tell which.
     */
    record InDoubt(Throwable cause) implements TransactionResult {}
  }

  /** Whether {@link #commit} may be called. */
  boolean isOpen() {
    return producer != null;
  }

  /**
   * Makes a producer and ends what an earlier one of this transactional id left open. A broker may
   * have dropped the markers of the last transaction and taken it for complete (KAFKA-20734): then
   * it hides the results after it from all who read committed ones, late work among them, and
   * offsets that it left pending keep the partitions' next owners from reading any, for ever. Where
   * late work is read it is ended as it was decided; offsets are ended by an abort.
   *
   * @param group what this instance's consumer is in it
   * @param any a partition of an input topic
   * @throws KafkaException if Kafka did not answer; to be tried again
   */
  void open(ConsumerGroupMetadata group, TopicPartition any) {
    if (fenced) {
      checkForDuplicate();
    }
    committedMayBeOpen = committedMayBeOpen || clients.wasLastCommitted();
    Producer<byte[], byte[]> opening = clients.producer();
    try {
      opening.initTransactions();
      if (committedMayBeOpen) {
        endByCommit(opening);
        committedMayBeOpen = false;
      }
      endByAbort(opening, group, any);
    } catch (RuntimeException e) {
      noteFence(e);
      opening.close(Duration.ZERO);
      throw failureOr(e);
    }
    producer = opening;
    fenced = false;
  }

  /** Commits nothing, which ends what was committed before it. */
  private void endByCommit(Producer<byte[], byte[]> opening) {
    opening.beginTransaction();
    sendNothing(opening);
    opening.commitTransaction();
  }

  /**
   * Begins a transaction with nothing and with an offset, and aborts it. Where the one before it
   * was committed, the records of its offsets are done again: a second result is the lesser evil.
   */
  private void endByAbort(
      Producer<byte[], byte[]> opening, ConsumerGroupMetadata group, TopicPartition any) {
    opening.beginTransaction();
    sendNothing(opening);
    try {
      opening.sendOffsetsToTransaction(Map.of(any, new OffsetAndMetadata(0)), group);
    } catch (CommitFailedException | FencedInstanceIdException notOfTheGroup) {
      // The consumer has not joined, or its join is under way and only the broker knows its member
      // id yet. The partition of the offsets is in the transaction nevertheless.
    }
    opening.abortTransaction();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what failed fails the transaction's end
  private void sendNothing(Producer<byte[], byte[]> opening) {
    if (lateWorkTopic != null) {
      byte[] key = StreamSettings.NO_KEY.getBytes(StandardCharsets.UTF_8);
      opening.send(new ProducerRecord<>(lateWorkTopic, 0, key, null));
      opening.flush();
    }
  }

  private void checkForDuplicate() {
    Duration now = clock.now();
    fences.removeIf(fence -> fence.plus(FENCES_WITHIN).compareTo(now) < 0);
    if (fences.size() < 2) {
      // Our own transaction timed out, most likely, or another instance took this one for gone. A
      // duplicate will fence us again.
      return;
    }
    Optional<GroupMember> duplicate = duplicates.find().stream().findFirst();
    if (duplicate.isPresent() || fences.size() > FENCES_ALLOWED) {
      throw new StreamFailure(
          Reason.NAME_IN_USE,
          "another instance took over this instance's name"
              + duplicate.map(other -> " on " + other.host()).orElse("")
              + "; give every instance of a group an instance id of its own",
          null);
    }
  }

  /** Publishes records and commits offsets, all or nothing. */
  TransactionResult commit(
      List<ProducerRecord<byte[], byte[]>> records,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group) {
    Duration began = clock.now();
    TransactionResult attempt = attempt(records, offsets, group);
    End end =
        attempt instanceof TransactionResult.Committed
            ? End.COMMITTED
            : attempt instanceof TransactionResult.InDoubt ? End.IN_DOUBT : End.ABORTED;
    listener.transactionEnded(end, records.size(), clock.now().minus(began));
    return attempt;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callbacks tell what became of the sends
  private TransactionResult attempt(
      List<ProducerRecord<byte[], byte[]>> records,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group) {
    Producer<byte[], byte[]> open = producer;
    if (open == null) {
      throw new IllegalStateException("the writer is not open");
    }
    AtomicReference<@Nullable SendFailure> sendFailure = new AtomicReference<>();
    try {
      open.beginTransaction();
      // Before any record, so that what fails because the group has changed, as the first
      // transaction after an outage often does, has written to no other topic. Its abort marker
      // there could end an earlier, committed transaction whose own marker the broker has dropped
      // (KAFKA-20734), and with it a result whose offset counts.
      open.sendOffsetsToTransaction(offsets, group);
      committedMayBeOpen = false;
      // A send that failed is enough: for a topic that is gone, each more would wait as long again.
      for (int i = 0; i < records.size() && sendFailure.get() == null; i++) {
        int index = i;
        open.send(
            records.get(i),
            (metadata, e) -> {
              if (e != null) {
                sendFailure.compareAndSet(null, new SendFailure(index, e));
              }
            });
        if (isLarge(records.get(i))) {
          open.flush();
        }
      }
      if (sendFailure.get() == null) {
        open.flush();
      }
      SendFailure failed = sendFailure.get();
      if (failed != null) {
        return abort(open, failed.cause(), failed);
      }
    } catch (RuntimeException e) {
      return abort(open, e, sendFailure.get());
    }
    try {
      open.commitTransaction();
      committedMayBeOpen = true;
      return new TransactionResult.Committed();
    } catch (RuntimeException e) {
      abort(open, e, null);
      return new TransactionResult.InDoubt(e);
    }
  }

  /**
   * Whether a record must not share its batch. A batch that the broker refuses as too large is
   * split and sent again, and where small records ride in the slack of a large one's batch the
   * split returns the same batch, until the delivery timeout, for ever; a large record alone is
   * refused at once.
   */
  private static boolean isLarge(ProducerRecord<byte[], byte[]> record) {
    return record.value() != null && record.value().length > LARGE_BYTES;
  }

  private record SendFailure(int index, Exception cause) {}

  /** Ends a transaction that no commit was sent for. If that fails, the producer goes with it. */
  private TransactionResult abort(
      Producer<byte[], byte[]> open, Exception cause, @Nullable SendFailure send) {
    StreamFailure failure = failure(cause);
    boolean usable = failure == null && !noteFence(cause);
    if (usable) {
      try {
        open.abortTransaction();
      } catch (RuntimeException e) {
        noteFence(e);
        usable = false;
      }
    }
    if (!usable) {
      close();
    }
    if (failure != null) {
      throw failure;
    }
    if (send != null && send.cause() instanceof RecordTooLargeException) {
      return new TransactionResult.TooLarge(send.index(), send.cause());
    }
    return new TransactionResult.Aborted(send == null ? cause : send.cause());
  }

  private boolean noteFence(Throwable cause) {
    for (Throwable e = cause; e != null; e = e.getCause()) {
      if (e instanceof ApplicationRecoverableException) {
        if (!fenced) {
          // Here, and not at each attempt to open: those may take many while a broker is away.
          fences.add(clock.now());
        }
        fenced = true;
        return true;
      }
    }
    return false;
  }

  private static RuntimeException failureOr(RuntimeException e) {
    StreamFailure failure = failure(e);
    return failure == null ? e : failure;
  }

  private static @Nullable StreamFailure failure(Throwable cause) {
    return KafkaErrors.failure("publishing", cause);
  }

  /** Closes the producer without waiting; an open transaction is left to {@link #open}. */
  @Override
  public void close() {
    Producer<byte[], byte[]> closing = producer;
    producer = null;
    if (closing != null) {
      closing.close(Duration.ZERO);
    }
  }
}
