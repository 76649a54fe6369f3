package io.offboarder.stream;

import io.offboarder.stream.KafkaClients.GroupProtocol;
import io.offboarder.stream.StreamStatus.Phase;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's loop: owns the consumer and, through the committer, the producer. Everything here
 * and below runs on one thread, rebalance callbacks included, because the consumer calls them from
 * {@code poll}; but for a transaction, which is handed to the publisher's thread whole and taken
 * back whole. No lock can be held too long where no two threads share anything.
 */
final class StreamLoop {
  private static final Logger LOG = LoggerFactory.getLogger(StreamLoop.class);

  /** How long a poll waits for records when there is nothing else to do. */
  private static final Duration IDLE_POLL = Duration.ofMillis(50);

  /** How often the loop looks around while it waits for something else than work to come back. */
  private static final Duration STEP = Duration.ofMillis(5);

  private static final Duration DRAIN_STEP = Duration.ofMillis(1);

  private final StreamSettings settings;
  private final KafkaClients clients;
  private final LoopClock clock;
  private final TaskRunner runner;
  private final Assignment assignment;
  private final Committer committer;
  private final PollPacer pollTimer = new PollPacer();
  private final FailureBackoff polling;
  private final FailureBackoff restoring;
  private final ConsumerRebalanceListener rebalance = new Rebalance();
  private GroupProtocol protocol;
  private @Nullable Consumer<byte[], byte[]> consumer;

  /** Whether there ever was a consumer: if so, its settings are not what stands in the way. */
  private boolean consumed;

  private boolean progressed;

  StreamLoop(
      StreamSettings settings,
      KafkaClients clients,
      RecordProcessor processor,
      Executor executor,
      Executor publisher,
      LoopClock clock,
      StreamListener listener) {
    this.settings = settings;
    this.clients = clients;
    this.clock = clock;
    this.protocol = settings.groupProtocol();
    this.runner = new TaskRunner(executor, clock);
    this.assignment = new Assignment(settings, processor, runner);
    this.committer =
        new Committer(
            new TransactionalWriter(clients, clock, listener),
            settings.topics(),
            runner,
            clock,
            publisher);
    this.polling = new FailureBackoff("reading from Kafka", clock);
    this.restoring = new FailureBackoff("reading committed offsets", clock);
  }

  /** Makes the consumer, which takes a moment; it joins the group with the first poll. */
  void prepare() {
    consumer();
  }

  /**
   * Turns the loop once:
   *
   * <ol>
   *   <li>take back the transaction under way, if it has ended;
   *   <li>if there was nothing to do, wait for work to come back; poll if it is time to; partitions
   *       come and go here;
   *   <li>for partitions that came, read what their former owner has finished;
   *   <li>take back the work that is finished;
   *   <li>admit what was polled as far as the bounds allow, pause the partitions that must wait;
   *   <li>hand the work that may start to the executor;
   *   <li>begin to publish what is finished in one transaction, if it is time to.
   * </ol>
   *
   * @throws StreamFailure if the engine cannot go on
   */
  void runOnce() {
    Consumer<byte[], byte[]> open = consumer();
    if (open == null) {
      return;
    }
    if (committer.conclude()) {
      progressed = true;
    }
    int polled = poll(open);
    if (consumer == null) {
      return;
    }
    restore(open);
    runner.collect();
    admit(open);
    runner.dispatch();
    if (untilCommit().isZero()) {
      committer.begin(assignment.partitions(), open);
    }
    progressed = polled > 0;
  }

  /** The consumer; null while it cannot be built again, say because a name does not resolve. */
  private @Nullable Consumer<byte[], byte[]> consumer() {
    Consumer<byte[], byte[]> open = consumer;
    if (open == null) {
      if (polling.isBackingOff()) {
        clock.pause(STEP);
        return null;
      }
      try {
        open = clients.consumer(protocol);
      } catch (KafkaException e) {
        if (!consumed) {
          throw e;
        }
        polling.failed(e);
        return null;
      }
      open.subscribe(settings.topics(), rebalance);
      consumer = open;
      consumed = true;
    }
    return open;
  }

  /**
   * Waits if the last turn found nothing to do, and polls if it is time to. While work runs it
   * waits beside the poll and not in it, so that what comes back ends the wait, and because Kafka's
   * consumer does not wait but spins while a paused partition has fetched records (KAFKA-21084).
   */
  private int poll(Consumer<byte[], byte[]> open) {
    boolean working = runner.records() > 0;
    if (polling.isBackingOff()) {
      clock.pause(STEP);
    } else if (!progressed && working) {
      await(pollTimer.untilDue(clock.now()));
    }
    if (working && !pollTimer.isDue(clock.now())) {
      return 0;
    }
    try {
      var records = open.poll(progressed || working ? Duration.ZERO : IDLE_POLL);
      assignment.polled(records);
      polling.over();
      pollTimer.polled(clock.now(), records.count(), assignment.hasOpenPartitions());
      return records.count();
    } catch (UnsupportedVersionException e) {
      if (protocol == GroupProtocol.CLASSIC) {
        throw e;
      }
      LOG.warn("This Kafka does not know group.protocol=consumer; going on with classic");
      protocol = GroupProtocol.CLASSIC;
      discardConsumer();
    } catch (RuntimeException e) {
      StreamFailure failure = KafkaErrors.failure("reading", e);
      if (failure != null) {
        throw failure;
      }
      polling.failed(e);
      if (!(e instanceof RetriableException)) {
        discardConsumer();
      }
    }
    return 0;
  }

  /**
   * Waits for work to come back or, if some has, for the time to commit it or for the end of the
   * transaction before; where more work of a subject waits for its turn, that is not a time to
   * sleep through.
   */
  private void await(Duration untilPoll) {
    boolean finished = committer.finished(assignment.partitions()) > 0;
    Duration atMost = untilPoll;
    if (finished && !committer.isUnderWay()) {
      Duration untilCommit = untilCommit();
      Duration step = untilCommit.isZero() ? STEP : untilCommit;
      atMost = Collections.min(List.of(untilPoll, step, STEP));
    }
    if (finished && !runner.isAnyWaiting()) {
      clock.pause(atMost);
    } else {
      runner.await(atMost);
    }
  }

  private Duration untilCommit() {
    return committer.untilDue(assignment.partitions(), assignment.isCrowded());
  }

  private void admit(Consumer<byte[], byte[]> open) {
    if (assignment.admit(open)) {
      pollTimer.pollNow(clock.now());
    }
  }

  private void restore(Consumer<byte[], byte[]> open) {
    if (!assignment.needsRestoring() || restoring.isBackingOff()) {
      return;
    }
    try {
      assignment.restore(open);
      restoring.over();
    } catch (RuntimeException e) {
      StreamFailure failure = KafkaErrors.failure("reading committed offsets", e);
      if (failure != null) {
        throw failure;
      }
      restoring.failed(e);
      // Offsets may be pending in a transaction of ours that Kafka forgot to end; opening ends it.
      committer.closeProducer();
    }
  }

  /** Drops a consumer that is of no more use; what it had read is read again by the next. */
  private void discardConsumer() {
    Consumer<byte[], byte[]> closing = consumer;
    consumer = null;
    assignment.forget(List.copyOf(assignment.partitions()));
    if (closing != null) {
      try {
        closing.close(CloseOptions.timeout(Duration.ofSeconds(1)));
      } catch (KafkaException e) {
        // Closed all the same; the group notices after a session's time that it is gone.
        LOG.warn("The consumer did not close in good order: {}", FailureBackoff.oneLine(e));
      }
    }
  }

  /** What the consumer tells when partitions come and go; called from poll and from close. */
  private final class Rebalance implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> ids) {
      assignment.assigned(ids);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> ids) {
      handOver(assignment.of(ids), settings.drainTimeout(), () -> false);
      leaveNothingPending();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> ids) {
      List<Partition> lost = assignment.of(ids);
      if (!lost.isEmpty()) {
        LOG.warn("Lost {}; another instance redoes what has no outcome", ids);
      }
      assignment.forget(lost);
      leaveNothingPending();
    }

    /** For others are to read the offsets now, and may have to wait for an end of our making. */
    private void leaveNothingPending() {
      committer.closeProducer();
    }
  }

  /**
   * Gives partitions up in good order: starts nothing new in them, waits a bounded time for what
   * runs, publishes what is finished, forgets the rest. Goes on polling if asked to, to stay a
   * member.
   */
  private void handOver(List<Partition> leaving, Duration patience, BooleanSupplier keepPolling) {
    Consumer<byte[], byte[]> open = consumer;
    if (open == null || leaving.isEmpty()) {
      return;
    }
    for (Partition partition : leaving) {
      partition.leaving();
      runner.dropWaiting(partition);
    }
    Duration deadline = clock.now().plus(patience);
    do {
      boolean committed = committer.conclude();
      if (keepPolling.getAsBoolean()) {
        admit(open);
        poll(open);
      }
      runner.collect();
      runner.dispatch();
      committer.begin(assignment.partitions(), open);
      if (leaving.stream().allMatch(p -> p.isGone() || (p.running == 0 && p.finished.isEmpty()))) {
        break;
      }
      if (!committed) {
        clock.pause(DRAIN_STEP);
      }
    } while (consumer != null && clock.now().compareTo(deadline) < 0);
    committer.await();
    int unfinished =
        leaving.stream().mapToInt(p -> p.handedBack + p.running + p.finished.size()).sum();
    if (unfinished > 0) {
      LOG.info("Handing back {} records without an outcome; they are done again", unfinished);
    }
    assignment.forget(leaving);
  }

  /** Finishes or hands back what is in flight within a bounded time, and leaves the group. */
  void stop(Duration patience) {
    finish(patience);
    close();
  }

  /** The first half of {@link #stop}: finishes or forgets what is in flight. */
  void finish(Duration patience) {
    handOver(List.copyOf(assignment.partitions()), patience, () -> true);
  }

  /**
   * Closes the clients at once; what has no outcome is redone by whoever comes next. To be called
   * when the publisher is at rest: a transaction that is under way all the same is given up.
   */
  void close() {
    try {
      committer.close();
    } finally {
      discardConsumer();
    }
  }

  /** A snapshot for others to look at. */
  StreamStatus status(Phase phase) {
    String trouble =
        String.join(
            "; ",
            List.of(polling.reason(), restoring.reason(), committer.trouble()).stream()
                .filter(words -> !words.isEmpty())
                .toList());
    return new StreamStatus(
        phase,
        assignment.partitions().stream()
            .filter(Partition::isRestored)
            .map(partition -> partition.status(clock.now(), lag(partition.id)))
            .toList(),
        runner.records(),
        trouble,
        committer.aliveAt());
  }

  private long lag(TopicPartition id) {
    Consumer<byte[], byte[]> open = consumer;
    try {
      return open == null ? -1 : open.currentLag(id).orElse(-1);
    } catch (IllegalStateException notAssigned) {
      return -1;
    }
  }
}
