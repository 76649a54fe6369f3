package io.offboarder.stream;

import io.offboarder.stream.StreamFailure.Reason;
import io.offboarder.stream.StreamStatus.Phase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes topics, has each record's work done, and publishes every record's result exactly once,
 * as a {@code read_committed} consumer sees it: through crashes, rebalances and broker failures,
 * and although the work runs concurrently and finishes out of order. Work may be done more than
 * once.
 *
 * <p>Runs threads of its own, of which one alone touches the consumer. All methods may be called
 * from any thread.
 */
public final class StreamEngine {
  private static final Logger LOG = LoggerFactory.getLogger(StreamEngine.class);
  private static final Duration STATUS_INTERVAL = Duration.ofMillis(200);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  /** Grace after the stop timeout before blocked Kafka calls are interrupted. */
  private static final Duration STOP_GRACE = Duration.ofMillis(200);

  private static final Duration LAST_MOMENT = Duration.ofMillis(500);

  /** How long leaving the group may take. */
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(1);

  private final LoopClock clock = LoopClock.system();
  private final ApacheGroupAdmin admin;
  private final PeerMonitor peers;
  private final HiddenRecordsMonitor hidden;
  private final DuplicateInstanceCheck duplicateCheck;
  private final ExecutorService publisher;
  private final ExecutorService journal;
  private final @Nullable JournalFollower follower;
  private final StreamLoop loop;
  private final Future<?> startSignal;
  private final Promise<Void> terminated = Promise.promise();
  private final Thread thread;
  private final SilenceWatch silence;
  private volatile StreamStatus status;

  /** By the engine's clock; null while nobody wants it to stop. */
  private volatile @Nullable Duration stopBy;

  /** Whether the thread is through with all that may be called off. */
  private volatile boolean finished;

  private StreamEngine(
      StreamSettings settings,
      RecordProcessor processor,
      LateWorkSource lateWork,
      NoteJudge judge,
      Executor executor,
      StreamListener listener,
      Future<?> go,
      Duration patience) {
    this.startSignal = go;
    this.admin = new ApacheGroupAdmin(settings);
    this.hidden = new HiddenRecordsMonitor(admin, clock);
    this.peers = new PeerMonitor(settings.instanceId(), settings.livenessPort(), admin);
    Duplicates duplicates = new Duplicates(settings.instanceId(), admin, peers.self());
    this.duplicateCheck =
        new DuplicateInstanceCheck(settings, duplicates, Incarnation::ask, clock, patience);
    this.publisher =
        Executors.newSingleThreadExecutor(
            work -> new Thread(work, "kafka-publisher-" + settings.instanceId()));
    this.journal =
        Executors.newSingleThreadExecutor(
            work -> new Thread(work, "kafka-journal-" + settings.instanceId()));
    this.loop =
        new StreamLoop(
            settings,
            new ApacheKafkaClients(settings, listener, peers.self(), admin),
            duplicates,
            processor,
            lateWork,
            judge,
            new LoopThreads(executor, publisher, journal),
            peers.self().nonce(),
            clock,
            listener,
            peers::groupChanged);
    this.status = loop.status(Phase.STARTING, hidden);
    this.thread = new Thread(this::run, "kafka-" + settings.instanceId());
    this.silence = new SilenceWatch(admin::anyAnswer, this::callOff);
    this.follower =
        settings.journal() == null
            ? null
            : new JournalFollower(loop, "kafka-journal-tail-" + settings.instanceId());
  }

  /**
   * Starts an engine. Does not wait for Kafka: an engine without a broker waits for one.
   *
   * @param processor what is done with each record
   * @param lateWork what is done later than with the record that it is left over from
   * @param judge says which notes may be acted on; asked only where there is a journal
   * @param executor where work is started; an event loop's will do, since work does not block
   * @param listener told what it does
   * @param go the engine gets ready meanwhile, but joins its group only when this has succeeded
   */
  public static StreamEngine start(
      StreamSettings settings,
      RecordProcessor processor,
      LateWorkSource lateWork,
      NoteJudge judge,
      Executor executor,
      StreamListener listener,
      Future<?> go) {
    return start(
        settings,
        processor,
        lateWork,
        judge,
        executor,
        listener,
        go,
        DuplicateInstanceCheck.PATIENCE);
  }

  /** Starts an engine that acts on all of its notes. */
  public static StreamEngine start(
      StreamSettings settings,
      RecordProcessor processor,
      LateWorkSource lateWork,
      Executor executor,
      StreamListener listener,
      Future<?> go) {
    return start(settings, processor, lateWork, NoteJudge.NONE, executor, listener, go);
  }

  static StreamEngine start(
      StreamSettings settings,
      RecordProcessor processor,
      LateWorkSource lateWork,
      NoteJudge judge,
      Executor executor,
      StreamListener listener,
      Future<?> go,
      Duration patience) {
    StreamEngine engine =
        new StreamEngine(settings, processor, lateWork, judge, executor, listener, go, patience);
    engine.thread.start();
    if (engine.follower != null) {
      engine.follower.start();
    }
    return engine;
  }

  /**
   * Says something to the judges of the whole group, in the journal's order. While the journal
   * cannot be reached it waits.
   *
   * @return completes on any thread, once it is durable; fails without a journal, and if the engine
   *     is stopped before
   */
  public Future<Void> announce(byte[] value) {
    return loop.announce(value.clone());
  }

  /**
   * Begins no work until {@link #resume}: it stays a member of its group, and publishes what is
   * finished. Work that runs is not told.
   */
  public void pause() {
    loop.pause();
  }

  /** Begins work again after {@link #pause}. */
  public void resume() {
    loop.resume();
  }

  /** What the engine was last seen doing. */
  public StreamStatus status() {
    return status;
  }

  /**
   * For how long its threads have not been seen alive: a second at most, or as long as a
   * transaction takes; less than a minute even where Kafka does not answer.
   */
  public Duration sinceAlive() {
    return clock.now().minus(status.aliveAt());
  }

  /** Completes when the engine has stopped; fails with a {@link StreamFailure} if it had to. */
  public Future<Void> terminated() {
    return terminated.future();
  }

  /**
   * Stops: starts nothing new, publishes what finishes within this time, hands the rest back to the
   * group. Closing the clients comes on top and takes a second or two. Where Kafka does not answer
   * nothing can be published: then all of it takes two seconds, and the next owner redoes the rest.
   *
   * @return {@link #terminated()}
   */
  public Future<Void> stop(Duration within) {
    if (stopBy == null) {
      stopBy = clock.now().plus(within);
      silence.begin();
      CompletableFuture.delayedExecutor(within.plus(STOP_GRACE).toMillis(), TimeUnit.MILLISECONDS)
          .execute(this::callOff);
    }
    return terminated();
  }

  /** Kafka's clients wait by their own clocks, and can be interrupted. */
  private void callOff() {
    if (!finished) {
      thread.interrupt();
    }
  }

  private void run() {
    try {
      serve();
      close();
      end(null);
    } catch (Throwable e) {
      StreamFailure failure = KafkaErrors.failure("running", e);
      try {
        close();
      } catch (RuntimeException closing) {
        e.addSuppressed(closing);
      }
      end(
          failure != null
              ? failure
              : new StreamFailure(Reason.INTERNAL, "a fault: " + FailureBackoff.oneLine(e), e));
    }
  }

  /** Turns the loop until it is to stop, and finishes what is in flight then. */
  private void serve() {
    try {
      loop.prepare();
      while (!startSignal.succeeded() && stopBy == null) {
        clock.pause(POLL_INTERVAL);
      }
      duplicateCheck.await(() -> stopBy != null);
      Duration reportAt = Duration.ZERO;
      while (stopBy == null) {
        loop.runOnce();
        if (clock.now().compareTo(reportAt) >= 0) {
          status = loop.status(loop.takesPart() ? Phase.RUNNING : Phase.JOINING, hidden);
          reportAt = clock.now().plus(STATUS_INTERVAL);
        }
      }
      status = loop.status(Phase.STOPPING, hidden);
      Duration left = stopBy.minus(clock.now());
      loop.finish(left.isNegative() ? Duration.ZERO : left, silence::isSilent);
    } catch (InterruptException e) {
      if (stopBy == null) {
        throw e;
      }
      if (!silence.isSilent()) {
        LOG.warn("Kafka did not answer in time; the next owner redoes what is in flight");
      }
    } finally {
      finished = true;
      // What closes the clients is not to be called off.
      Thread.interrupted();
    }
  }

  /** Closes everything; a transaction under way is given a moment to end, if Kafka answers. */
  private void close() {
    if (follower != null) {
      follower.stop();
    }
    silence.close();
    try {
      if (!isEnded(publisher)) {
        LOG.warn("A transaction did not end; Kafka ends it in its time");
      }
      if (!isEnded(journal)) {
        LOG.warn("A note was not taken; what it is about has not begun");
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } finally {
      loop.close(silence.isSilent() ? Duration.ZERO : LEAVE_TIMEOUT);
      peers.close();
      admin.close();
      if (follower != null) {
        follower.await(LAST_MOMENT);
      }
    }
  }

  /** Lets what is under way end, for a moment. */
  private boolean isEnded(ExecutorService thread) throws InterruptedException {
    thread.shutdown();
    if (thread.awaitTermination(lastMoment().toMillis(), TimeUnit.MILLISECONDS)) {
      return true;
    }
    thread.shutdownNow();
    return thread.awaitTermination(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What is under way while Kafka does not answer is interrupted at once. */
  private Duration lastMoment() {
    return silence.isSilent() ? Duration.ofMillis(1) : LAST_MOMENT;
  }

  private void end(@Nullable StreamFailure failure) {
    status = loop.status(Phase.STOPPED, hidden);
    if (failure == null) {
      terminated.complete();
    } else {
      terminated.fail(failure);
    }
  }
}
