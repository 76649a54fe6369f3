package io.offboarder.stream;

import io.offboarder.stream.JournalReader.Use;
import io.offboarder.stream.StreamStatus.Phase;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's loop. Everything here and below runs on one thread, rebalance callbacks included,
 * because the consumer calls them from {@code poll}. Only a transaction runs elsewhere: it is given
 * to the publisher's thread whole and taken back whole, so no two threads share state and none
 * needs a lock.
 */
final class StreamLoop {
  private static final Logger LOG = LoggerFactory.getLogger(StreamLoop.class);

  /** How long a poll waits for records when there is nothing else to do; they end the wait. */
  private static final Duration IDLE_POLL = Duration.ofMillis(200);

  /** The same while partitions are on their way, each step of which waits for a turn. */
  private static final Duration SETTLING_POLL = Duration.ofMillis(50);

  /** Upper bound of one wait while results or a back-off are pending. */
  private static final Duration STEP = Duration.ofMillis(5);

  private static final Duration DRAIN_STEP = Duration.ofMillis(1);

  /** How far apart attempts are to end what keeps late work from being read. */
  private static final Duration BETWEEN_ENDS = Duration.ofSeconds(5);

  private final StreamSettings settings;
  private final Runnable groupChanged;
  private final LoopClock clock;
  private final WorkRunner runner;
  private final Assignment assignment;
  private final Committer committer;
  private final GroupConsumer consumer;
  private final CarefulReading careful;
  private final PollPacer pollPacer = new PollPacer();
  private final Restoration restoration;
  private final @Nullable JournalTail tail;
  private final @Nullable Journal journal;
  private final @Nullable NotesRestoration notes;
  private final LateWorkSource lateWork;
  private Duration endedAt = Duration.ZERO;
  private boolean progressed;

  StreamLoop(
      StreamSettings settings,
      KafkaClients clients,
      Duplicates duplicates,
      RecordProcessor processor,
      LateWorkSource lateWork,
      NoteJudge judge,
      LoopThreads threads,
      String run,
      LoopClock clock,
      StreamListener listener,
      Runnable groupChanged) {
    this.settings = settings;
    this.groupChanged = groupChanged;
    this.clock = clock;
    this.lateWork = lateWork;
    this.tail = settings.journal() == null ? null : tail(clients, run, judge);
    this.journal =
        tail == null
            ? null
            : new Journal(run, clients.journalWriter(), tail, threads, clock, listener);
    this.runner = new WorkRunner(threads.work(), clock, settings.maxRecordsInFlight(), journal);
    this.assignment = new Assignment(settings, processor, lateWork, runner, clock, journal);
    this.consumer = new GroupConsumer(settings, clients, clock, new Rebalance(), this::leftGroup);
    this.careful = new CarefulReading(clients, clock);
    this.committer =
        new Committer(
            new TransactionalWriter(clients, settings.lateWorkTopic(), duplicates, clock, listener),
            settings.topics(),
            runner,
            clock,
            settings.commitInterval(),
            threads.publisher(),
            assignment::journalEnd);
    this.restoration = new Restoration(assignment, committer, clock);
    this.notes =
        journal == null || tail == null
            ? null
            : new NotesRestoration(journal, tail, assignment, clock);
  }

  private static JournalTail tail(KafkaClients clients, String run, NoteJudge judge) {
    return new JournalTail(
        run, clients.journalReader(Use.FOLLOW), clients.journalReader(Use.LOOK_BACK), judge);
  }

  /**
   * Follows the journal for a moment; for a thread of its own.
   *
   * @return whether it could
   */
  boolean followJournal() {
    return tail == null || journal == null || tail.turn(journal);
  }

  /** Says something to all judges of the group; from any thread. Fails without a journal. */
  Future<Void> announce(byte[] value) {
    return journal == null
        ? Future.failedFuture(new IllegalStateException("there is no journal to announce it in"))
        : journal.announce(value);
  }

  /** Begins nothing until {@link #resume}, but stays in the group. From any thread. */
  void pause() {
    runner.pause();
  }

  /** Begins work again after {@link #pause}. From any thread. */
  void resume() {
    runner.resume();
  }

  /** Ends a wait in {@link #followJournal}; from any thread. */
  void wakeJournalTail() {
    if (tail != null) {
      tail.wake();
    }
  }

  /** Closes what {@link #followJournal} has opened; for the same thread. */
  void closeJournalTail() {
    if (tail != null) {
      tail.close();
    }
  }

  /** Makes the consumer, which takes a moment; it joins the group with the first poll. */
  void prepare() {
    consumer.open();
  }

  /**
   * Turns the loop once:
   *
   * <ol>
   *   <li>take back the transaction in flight, if it has ended;
   *   <li>if there was nothing to do, wait for work to come back; poll if it is time to; partitions
   *       come and go here;
   *   <li>for partitions that came, read what their former owner has finished; where that owner
   *       died, read on with care; read what their former owners have noted;
   *   <li>take back the work that is finished;
   *   <li>admit late work that is due, and what was polled, as far as the bounds allow, pause the
   *       partitions that must wait;
   *   <li>hand the work that may start to the executor;
   *   <li>begin to publish what is finished in one transaction, if it is time to.
   * </ol>
   *
   * @throws StreamFailure if the engine cannot go on
   */
  void runOnce() {
    Consumer<byte[], byte[]> open = consumer.open();
    if (open == null) {
      clock.pause(STEP);
      return;
    }
    if (committer.conclude()) {
      progressed = true;
    }
    int polled = poll(open);
    if (consumer.get() == null) {
      return;
    }
    restoration.restore(open);
    if (notes != null) {
      notes.turn(known -> assignment.noted(open, known), claimed -> renew(open, claimed));
    }
    int read = careful.read(open, assignment.partitions());
    runner.collect();
    assignment.admitLateWork();
    admit(open);
    runner.dispatch();
    endWhatHidesLateWork();
    if (untilCommit().isZero()) {
      committer.begin(assignment.partitions(), open);
    }
    progressed = polled + read > 0;
  }

  /** A new producer ends what an earlier one of its name has left open. */
  private void endWhatHidesLateWork() {
    Duration now = clock.now();
    if (lateWork.isHidden() && now.minus(endedAt).compareTo(BETWEEN_ENDS) >= 0) {
      endedAt = now;
      committer.closeProducer();
    }
  }

  /**
   * Waits if the last turn found nothing to do, and polls if it is time to. While work runs, or is
   * paused, it waits beside the poll and not in it, so that what comes back ends the wait, and
   * because Kafka's consumer does not wait but spins while a paused partition has fetched records
   * (KAFKA-21084).
   *
   * @return how many records came
   */
  private int poll(Consumer<byte[], byte[]> open) {
    boolean working = !runner.isIdle() || runner.isPaused();
    if (consumer.isBackingOff()) {
      clock.pause(STEP);
    } else if (!progressed && working) {
      await(pollPacer.untilDue(clock.now()));
    }
    if (working && !pollPacer.isDue(clock.now())) {
      return 0;
    }
    Optional<ConsumerRecords<byte[], byte[]>> polled =
        consumer.poll(open, progressed || working ? Duration.ZERO : idlePoll());
    if (polled.isEmpty()) {
      return 0;
    }
    ConsumerRecords<byte[], byte[]> records = polled.get();
    assignment.polled(open, records);
    pollPacer.polled(clock.now(), records.count(), assignment.hasOpenPartitions());
    return records.count();
  }

  private Duration idlePoll() {
    return assignment.isSettled() ? IDLE_POLL : SETTLING_POLL;
  }

  /**
   * Waits for work to come back. If some has, waits for the time to commit it or for the end of the
   * transaction in flight; but not where more work of a subject waits for its turn.
   */
  private void await(Duration untilPoll) {
    boolean finished = committer.finished(assignment.partitions()) > 0;
    Duration atMost = untilPoll;
    if (finished && !committer.isInFlight()) {
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
      pollPacer.pollNow(clock.now());
    }
  }

  private void renew(Consumer<byte[], byte[]> open, Partition partition) {
    committer.closeProducer();
    if (!partition.isGone()) {
      assignment.renew(open, partition);
    }
  }

  /** What the consumer calls, from poll and from close, when partitions come and go. */
  private final class Rebalance implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> ids) {
      Consumer<byte[], byte[]> open = consumer.get();
      if (open != null) {
        assignment.assigned(open, ids);
      }
      groupChanged.run();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> ids) {
      handOver(assignment.of(ids));
      leaveNothingPending();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> ids) {
      List<Partition> lost = assignment.of(ids);
      if (!lost.isEmpty()) {
        LOG.warn("Lost {}; another instance redoes what has no result", ids);
      }
      assignment.leftGroup(lost);
      leaveNothingPending();
    }

    /** Ends the transaction in flight, which would keep the next owner from reading offsets. */
    private void leaveNothingPending() {
      committer.closeProducer();
    }
  }

  private void leftGroup() {
    assignment.leftGroup(assignment.partitions());
  }

  /** Hands partitions over from within a poll, within the drain timeout. */
  private void handOver(List<Partition> leaving) {
    Consumer<byte[], byte[]> open = consumer.get();
    if (open == null || leaving.isEmpty()) {
      return;
    }
    HandOver handOver = new HandOver(leaving, assignment, runner, committer);
    Duration deadline = clock.now().plus(settings.drainTimeout());
    boolean waits;
    do {
      boolean committed = committer.conclude();
      handOver.publish(open);
      waits = !handOver.isDrained() && clock.now().compareTo(deadline) < 0;
      if (waits && !committed) {
        clock.pause(DRAIN_STEP);
      }
    } while (waits);
    handOver.end(open);
  }

  /** Finishes what is in flight within a bounded time, hands back the rest, leaves the group. */
  void stop(Duration patience) {
    finish(patience, () -> false);
    close(patience);
  }

  /**
   * The first half of {@link #stop}: finishes or hands back what is in flight. Polls meanwhile, to
   * stay a member of the group.
   *
   * @param calledOff whether to wait no longer
   */
  void finish(Duration patience, BooleanSupplier calledOff) {
    List<Partition> leaving = List.copyOf(assignment.partitions());
    if (consumer.get() == null || leaving.isEmpty()) {
      return;
    }
    HandOver handOver = new HandOver(leaving, assignment, runner, committer);
    Duration deadline = clock.now().plus(patience);
    boolean waits = true;
    for (Consumer<byte[], byte[]> open = consumer.get();
        open != null && waits;
        open = consumer.get()) {
      boolean committed = committer.conclude();
      admit(open);
      poll(open);
      handOver.publish(open);
      waits =
          !handOver.isDrained() && !calledOff.getAsBoolean() && clock.now().compareTo(deadline) < 0;
      if (waits && !committed) {
        clock.pause(DRAIN_STEP);
      }
    }
    handOver.end(consumer.get());
  }

  /**
   * Closes the clients at once; the next owner redoes what has no result. To be called when the
   * publisher is at rest: a transaction still in flight is given up.
   *
   * @param leaveWithin how long leaving the group may take
   */
  void close(Duration leaveWithin) {
    try {
      committer.close();
      if (journal != null) {
        journal.close();
      }
    } finally {
      careful.close();
      consumer.close(leaveWithin);
    }
  }

  /** Whether the group has assigned its partitions, perhaps none, and all of them are restored. */
  boolean takesPart() {
    return assignment.isComplete();
  }

  /** A snapshot for others to look at. */
  StreamStatus status(Phase phase, HiddenRecordsMonitor hidden) {
    List<Partition> restored =
        assignment.partitions().stream().filter(Partition::isRestored).toList();
    hidden.look(restored.stream().map(Partition::id).collect(Collectors.toSet()));
    String problem =
        String.join(
            "; ",
            Stream.of(
                    consumer.problem(),
                    restoration.problem(),
                    notes == null ? "" : notes.problem(),
                    careful.problem(),
                    committer.problem())
                .filter(reason -> !reason.isEmpty())
                .toList());
    return new StreamStatus(
        phase,
        restored.stream()
            .map(one -> one.status(clock.now(), consumer.lag(one.id()), hidden.hiddenFor(one.id())))
            .toList(),
        runner.records(),
        problem,
        notes == null ? Duration.ZERO : notes.failingFor(),
        committer.aliveAt());
  }
}
