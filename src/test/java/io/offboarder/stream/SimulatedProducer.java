package io.offboarder.stream;

import io.offboarder.stream.SimulatedTopic.Kind;
import io.offboarder.stream.SimulatedTopic.Published;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/**
 * The methods of a transactional producer that the loop calls, with the states, errors and refusals
 * of {@code KafkaProducer} and its {@code TransactionManager}.
 */
final class SimulatedProducer {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SimulatedInstance instance;
  private final SimulatedBroker broker;
  private final SimulatedTransactions transactions;
  private final Fate fate;
  private final Faults faults;
  private final String id;
  private final List<Sent> buffer = new ArrayList<>();
  private State state = State.NEW;
  private KafkaException error;
  private int epoch;

  private record Sent(ProducerRecord<byte[], byte[]> record, Callback callback) {}

  private enum State {
    NEW,
    READY,
    IN_TRANSACTION,
    ABORTABLE,
    COMMIT_TIMED_OUT,
    ABORT_TIMED_OUT,
    FATAL,
    CLOSED
  }

  SimulatedProducer(SimulatedInstance instance) {
    this.instance = instance;
    this.broker = instance.broker();
    this.transactions = broker.transactions();
    this.fate = broker.fate();
    this.faults = broker.faults();
    this.id = instance.name();
  }

  void initTransactions() {
    enter("initTransactions", State.NEW);
    boolean fails = fate.isCutOff(faults.initialise());
    if (fails && fate.oneIn(2)) {
      throw timeout("initTransactions, nothing done");
    }
    if (fate.strikes(faults.authorization())) {
      instance.notAuthorized();
      throw new TransactionalIdAuthorizationException("simulated");
    }
    epoch = transactions.initialise(id);
    instance.note("initialises epoch", epoch);
    if (fails) {
      throw timeout("initTransactions, done");
    }
    awaitCompletion();
    state = State.READY;
  }

  /** The coordinator says CONCURRENT_TRANSACTIONS until the last transaction is complete. */
  private void awaitCompletion() {
    long deadline = fate.micros() + PATIENCE.toNanos() / 1000;
    while (transactions.isCompleting(id)) {
      if (fate.micros() >= deadline || fate.isCutOff(faults.initialise())) {
        throw timeout("concurrent transactions");
      }
      instance.call("concurrent transactions");
      fate.advanceToNext(1_000);
    }
  }

  void beginTransaction() {
    enter("beginTransaction", State.READY);
    if (fate.strikes(faults.send() / 10)) {
      throw fail(State.FATAL, new KafkaException("simulated: unexpected error"));
    }
    state = State.IN_TRANSACTION;
  }

  Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    return send(record, (metadata, e) -> {});
  }

  Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    enter("send", State.IN_TRANSACTION);
    if (isTooLarge(record) && fate.oneIn(2)) {
      tooLarge(callback);
    } else {
      buffer.add(new Sent(record, callback));
      if (fate.oneIn(4)) {
        deliver();
      }
    }
    return new CompletableFuture<>();
  }

  private boolean isTooLarge(ProducerRecord<byte[], byte[]> record) {
    return record.value() != null && record.value().length > SimulatedWork.LARGEST_OUTCOME;
  }

  private void tooLarge(Callback callback) {
    RecordTooLargeException e = new RecordTooLargeException("simulated");
    instance.note("result too large");
    fail(State.ABORTABLE, e);
    callback.onCompletion(null, e);
  }

  private void deliver() {
    for (Sent sent : List.copyOf(buffer)) {
      if (isTooLarge(sent.record())) {
        tooLarge(sent.callback());
        continue;
      }
      if (state == State.IN_TRANSACTION && !transactions.isCurrent(id, epoch)) {
        fail(State.ABORTABLE, new InvalidProducerEpochException("simulated: fenced"));
        instance.fenced();
      }
      boolean fails = state == State.IN_TRANSACTION && fate.isCutOff(faults.send());
      if (state == State.IN_TRANSACTION && !(fails && fate.oneIn(2))) {
        awaitCompletion();
        if (transactions.isCurrent(id, epoch)) {
          transactions.add(id, epoch, published(sent.record()));
        }
      }
      if (fails) {
        instance.note("a send expires");
        fail(State.ABORTABLE, new TimeoutException("simulated: expired record"));
      }
      sent.callback().onCompletion(null, state == State.IN_TRANSACTION ? null : error);
    }
    buffer.clear();
  }

  private static Published published(ProducerRecord<byte[], byte[]> record) {
    Kind kind = Kind.valueOf(record.topic());
    if (kind == Kind.NOTHING) {
      return new Published(kind, 0, 0, 0, Set.of());
    }
    ByteBuffer key = ByteBuffer.wrap(record.key());
    if (kind != Kind.CASE) {
      Set<Long> names = new HashSet<>();
      record.headers().forEach(header -> names.add(ByteBuffer.wrap(header.value()).getLong()));
      return new Published(kind, key.getInt(), key.getLong(), 0, names);
    }
    return record.value() == null
        ? new Published(Kind.TOMBSTONE, key.getInt(), key.getLong(), 0, Set.of())
        : new Published(
            kind, key.getInt(), key.getLong(), ByteBuffer.wrap(record.value()).getLong(), Set.of());
  }

  void flush() {
    instance.call("flush");
    deliver();
  }

  void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    enter("sendOffsetsToTransaction", State.IN_TRANSACTION);
    boolean fails = fate.isCutOff(faults.offsets());
    if (fails && fate.oneIn(3)) {
      throw timeout("offsets, nothing done");
    }
    if (fails && fate.oneIn(2)) {
      throw fail(State.ABORTABLE, new TransactionAbortableException("simulated"));
    }
    awaitCompletion();
    if (!transactions.isCurrent(id, epoch)) {
      instance.fenced();
      throw fail(State.FATAL, new ProducerFencedException("simulated: offsets of a fenced one"));
    }
    for (OffsetAndMetadata offset : offsets.values()) {
      if (offset.metadata().length() > broker.metadataChars()) {
        throw fail(
            State.FATAL,
            new KafkaException(
                "Unexpected error in TxnOffsetCommitResponse: The metadata field of the offset"
                    + " request was too large."));
      }
    }
    transactions.touchOffsets(id, epoch);
    if (broker.group().isJoining(group)) {
      throw fail(State.ABORTABLE, new FencedInstanceIdException("simulated: a join is under way"));
    }
    if (!broker.group().acceptsCommit(group.memberId(), group.generationId())) {
      instance.note("commit of a former generation", group.memberId(), group.generationId());
      throw fail(State.ABORTABLE, new CommitFailedException("simulated: former generation"));
    }
    Map<Integer, OffsetAndMetadata> pending = new HashMap<>();
    offsets.forEach((partition, offset) -> pending.put(partition.partition(), offset));
    transactions.add(id, epoch, pending, broker.group().ownedBy(group.memberId()));
    if (fails) {
      throw timeout("offsets, done");
    }
  }

  void commitTransaction() {
    enter("commitTransaction", State.IN_TRANSACTION);
    deliver();
    enter("commitTransaction", State.IN_TRANSACTION);
    if (fate.isCutOff(faults.commit())) {
      failCommit();
    }
    if (fate.strikes(faults.authorization())) {
      instance.notAuthorized();
      throw fail(State.FATAL, new TransactionalIdAuthorizationException("simulated"));
    }
    end(true);
  }

  private void failCommit() {
    int how = fate.below(7);
    if (how == 0) {
      throw fail(State.ABORTABLE, new TransactionAbortableException("simulated"));
    }
    if (how == 1) {
      throw fail(State.FATAL, new KafkaException("simulated: unhandled error in EndTxnResponse"));
    }
    if (how == 2) {
      // Somebody of the same transactional id came between the decision and the answer.
      end(true);
      transactions.initialise(id);
      instance.fenced();
      throw fail(State.FATAL, new ProducerFencedException("simulated: committed, then fenced"));
    }
    state = State.COMMIT_TIMED_OUT;
    if (how == 3) {
      transactions.end(id, epoch, true);
      throw timeout("commit, done");
    }
    if (how == 4) {
      fate.after(fate.below(50_000), () -> transactions.end(id, epoch, true));
      throw timeout("commit, on its way");
    }
    throw timeout("commit, nothing done");
  }

  void abortTransaction() {
    instance.call("abortTransaction");
    if (state == State.COMMIT_TIMED_OUT) {
      throw new IllegalStateException(
          "Cannot attempt operation `abortTransaction` because the previous call to"
              + " `commitTransaction` timed out and must be retried");
    }
    if (state != State.ABORTABLE) {
      requireState("abortTransaction", State.IN_TRANSACTION);
    }
    buffer.clear();
    if (fate.isCutOff(faults.abort())) {
      state = State.ABORT_TIMED_OUT;
      if (fate.oneIn(2)) {
        transactions.end(id, epoch, false);
      }
      throw timeout("abort");
    }
    end(false);
    instance.note("aborts");
  }

  private void end(boolean commit) {
    if (!transactions.end(id, epoch, commit)) {
      instance.fenced();
      throw fail(State.FATAL, new ProducerFencedException("simulated: fenced at the end"));
    }
    state = State.READY;
    error = null;
  }

  void close(Duration timeout) {
    instance.call("close producer");
    state = State.CLOSED;
  }

  private TimeoutException timeout(String what) {
    instance.note("times out:", what);
    fate.advance(fate.below(20_000));
    return new TimeoutException("simulated: " + what);
  }

  private KafkaException fail(State becoming, KafkaException with) {
    instance.note("fails:", with);
    state = becoming;
    error = with;
    return with;
  }

  private void enter(String what, State required) {
    instance.call(what);
    requireState(what, required);
  }

  private void requireState(String what, State required) {
    if (state == State.ABORTABLE || state == State.FATAL) {
      throw new KafkaException(
          "Cannot execute transactional method because we are in an error state", error);
    }
    if (state != required) {
      throw new IllegalStateException("Invalid call of " + what + " in state " + state);
    }
  }
}
