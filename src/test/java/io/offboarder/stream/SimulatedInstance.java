package io.offboarder.stream;

import io.offboarder.stream.Incarnation.Answer;
import io.offboarder.stream.OffsetMetadataSettings.Foreign;
import io.offboarder.stream.SimulatedTopic.Kind;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** One life of one instance: a loop with its clients and its work, until it stops or crashes. */
final class SimulatedInstance {
  private static final Field RUNNER = field("runner");
  private static final Field ASSIGNMENT = field("assignment");

  private final Schedule schedule;
  private final SimulatedBroker broker;
  private final String name;
  private final Incarnation incarnation;

  private final DuplicateInstanceCheck check;
  private final StreamSettings settings;
  private final StreamLoop loop;
  private final WorkRunner runner;
  private final Assignment assignment;
  private final SimulatedLateWork lateWork;
  private SimulatedConsumer consumer;
  private int consumers;
  private int fences;
  private boolean notAuthorized;
  private boolean started;

  /** Whether another of its name was seen alive. */
  private boolean rivalled;

  private final Queue<Runnable> appends = new ArrayDeque<>();
  private final Runnable following;
  private boolean followsSoon;
  private boolean busy;
  private boolean woken;
  private boolean alive = true;
  private Violation violation;

  SimulatedInstance(Schedule schedule, Sabotage sabotage, String name, int life) {
    this.schedule = schedule;
    this.broker = schedule.broker();
    this.name = name;
    this.settings = settings(broker, sabotage);
    this.incarnation = new Incarnation(1, String.format(Locale.ROOT, "%016x", life));
    Duplicates duplicates = new Duplicates(name, admin(), incarnation);
    this.check =
        new DuplicateInstanceCheck(
            settings, duplicates, this::ask, time(), DuplicateInstanceCheck.PATIENCE);
    this.following = () -> followAfter(broker.fate().below(1_000));
    SimulatedWork work = new SimulatedWork(this, sabotage.actsUnnoted());
    this.lateWork = new SimulatedLateWork(this, work, sabotage.catchUp());
    this.loop =
        new StreamLoop(
            settings,
            clients(sabotage),
            duplicates,
            work,
            lateWork,
            new SimulatedJudge(broker.journal()),
            new LoopThreads(work, this::publish, this::journal),
            incarnation.nonce(),
            time(),
            StreamListener.NONE,
            () -> {});
    this.runner = (WorkRunner) part(RUNNER, loop);
    this.assignment = (Assignment) part(ASSIGNMENT, loop);
    broker.journal().follow(following);
    note("begins with", settings);
  }

  private static StreamSettings settings(SimulatedBroker broker, Sabotage sabotage) {
    Fate fate = broker.fate();
    int chars = fate.oneIn(2) ? broker.metadataChars() : fate.between(25, broker.metadataChars());
    return new StreamSettings(
        Map.of("group.protocol", fate.oneOf("consumer", "classic")),
        "group",
        "instance",
        List.of(SimulatedTopic.NAME),
        fate.between(1, 20),
        fate.oneIn(2) ? 1 << 20 : fate.between(1, 20 * InFlightRecord.RECORD_BYTES),
        fate.oneIn(2) ? fate.between(1, 12) : 100,
        new OffsetMetadataSettings(
            sabotage.metadataChars(chars),
            fate.oneIn(2) ? OffsetEncoding.BASE64 : OffsetEncoding.WIDE,
            Foreign.STOP),
        Duration.ofMillis(fate.oneOf(0, 0, 5, 25, 500)),
        Duration.ofMillis(fate.oneOf(0, 1, 10, 100, 1000)),
        0,
        broker.journal().isKept() ? "journal" : null,
        sabotage.leavesOpen() ? null : Kind.NOTHING.name());
  }

  private KafkaClients clients(Sabotage sabotage) {
    return new KafkaClients() {
      @Override
      @SuppressWarnings("unchecked")
      public Consumer<byte[], byte[]> consumer(GroupProtocol protocol) {
        call("new consumer");
        if (consumers > 0 && broker.fate().strikes(broker.faults().initialise())) {
          throw new KafkaException("simulated: no resolvable bootstrap urls");
        }
        consumer =
            new SimulatedConsumer(
                SimulatedInstance.this,
                incarnation.membership(++consumers),
                sabotage.readsUncommitted());
        return sabotage.consumer(Stub.of(Consumer.class, consumer));
      }

      @Override
      public JournalWriter journalWriter() {
        return new SimulatedJournalWriter(SimulatedInstance.this);
      }

      @Override
      public JournalReader journalReader(JournalReader.Use use) {
        return new SimulatedJournalReader(broker, sabotage, incarnation.nonce());
      }

      @Override
      public CarefulReader carefulReader() {
        call("new careful reader");
        return new SimulatedCarefulReader(SimulatedInstance.this);
      }

      @Override
      public boolean wasLastCommitted() {
        answer("describe transaction");
        return sabotage.wasLastCommitted(broker.transactions().wasLastCommitted(name));
      }

      @Override
      @SuppressWarnings("unchecked")
      public Producer<byte[], byte[]> producer() {
        call("new producer");
        return sabotage.producer(
            Stub.of(Producer.class, new SimulatedProducer(SimulatedInstance.this)),
            broker.metadataChars());
      }
    };
  }

  private GroupAdmin admin() {
    return new SimulatedGroupAdmin(
        () -> {
          answer("describe group");
          return broker.group().describe();
        },
        member -> {
          answer("remove member");
          return broker.group().remove(member);
        });
  }

  private void answer(String what) {
    call(what);
    if (broker.fate().strikes(broker.faults().initialise())) {
      throw new TimeoutException("simulated: no answer about the group");
    }
  }

  /** One that lives may be busy, or behind a network that answers nothing, or worse, for it. */
  private Answer ask(Incarnation other, String host) {
    call("ask");
    Fate fate = broker.fate();
    if (schedule.isAlive(other)) {
      return fate.oneOf(Answer.ALIVE, Answer.ALIVE, Answer.SILENT, Answer.UNREACHABLE, Answer.GONE);
    }
    return fate.oneOf(Answer.GONE, Answer.UNREACHABLE, Answer.SILENT);
  }

  private LoopClock time() {
    return new LoopClock() {
      @Override
      public Duration now() {
        return broker.fate().now();
      }

      @Override
      public void pause(Duration atMost) {
        call("pause");
        woken = false;
        broker.fate().idle(atMost, () -> woken);
      }

      @Override
      public void wake() {
        woken = true;
      }
    };
  }

  Incarnation incarnation() {
    return incarnation;
  }

  String name() {
    return name;
  }

  SimulatedBroker broker() {
    return broker;
  }

  boolean isAlive() {
    return alive;
  }

  boolean isBusy() {
    return busy;
  }

  /** Every call of a client begins here: time passes, others act, and now and then it all ends. */
  void call(String what) {
    if (!alive) {
      throw new Crash();
    }
    broker.fate().advance(broker.fate().below(20));
    if (broker.fate().strikes(broker.faults().interleave())) {
      schedule.meanwhile();
    }
    if (broker.fate().strikes(broker.faults().crash())) {
      note("crashes in", what);
      alive = false;
      throw new Crash();
    }
  }

  /**
   * Makes a transaction: at once, or while the loop goes on. None of its calls sees the loop move,
   * which is no loss, since the two share nothing then.
   */
  private void publish(Runnable transaction) {
    if (broker.fate().oneIn(3)) {
      transaction.run();
      if (!alive) {
        throw new Crash();
      }
      return;
    }
    broker
        .fate()
        .after(
            broker.fate().below(broker.fate().oneOf(500, 20_000, 200_000)),
            () -> {
              if (alive) {
                boolean turning = busy;
                busy = true;
                transaction.run();
                busy = turning;
                if (!alive) {
                  end();
                }
              }
            });
  }

  /** Appends to the journal, one entry after another, while the loop goes on. */
  private void journal(Runnable append) {
    appends.add(append);
    if (appends.size() == 1) {
      broker.fate().after(broker.fate().below(broker.fate().oneOf(100, 10_000)), this::appendAll);
    }
  }

  private void appendAll() {
    try {
      while (alive && !appends.isEmpty()) {
        appends.remove().run();
      }
    } catch (Crash e) {
      end();
    }
  }

  /** Follows the journal, and goes on doing so until it is at the end. */
  private void follow() {
    if (alive && !loop.followJournal()) {
      followAfter(10_000);
    }
  }

  /** Once at a time, or an outage would fill the future with attempts. */
  private void followAfter(long micros) {
    if (!followsSoon) {
      followsSoon = true;
      broker
          .fate()
          .after(
              micros,
              () -> {
                followsSoon = false;
                follow();
              });
    }
  }

  /** Looks whether its name is free; once it is, turns the loop. */
  void turn() {
    act(
        () -> {
          if (started) {
            follow();
            pauseNowAndThen();
            int before = runner.started();
            loop.runOnce();
            if (runner.isPaused() && runner.started() > before) {
              throw violated("work starts while it is paused");
            }
          } else {
            rivalled |= schedule.isRivalled(this);
            started = check.isNameFree();
            time().pause(Duration.ofMillis(started ? 0 : 250));
          }
        });
  }

  /** A person pauses it, and lets it go on. */
  private void pauseNowAndThen() {
    if (runner.isPaused() && (broker.fate().isCalm() || broker.fate().oneIn(20))) {
      note("is resumed");
      loop.resume();
    } else if (!broker.fate().isCalm() && broker.fate().oneIn(200)) {
      note("is paused");
      loop.pause();
    }
  }

  /** Stops in good order. */
  void stop(Duration patience) {
    note("is told to stop within", patience);
    act(() -> loop.stop(patience));
    if (alive) {
      note("stopped");
      if (!lateWork.ownsNothing()) {
        throw new Violation(name + " stopped and did not say what it lost");
      }
      end();
    }
  }

  /** It has read a record that no process can hold. */
  Crash blownUp() {
    alive = false;
    return new Crash();
  }

  void crash() {
    note("crashes");
    alive = false;
    end();
  }

  /** The group has not heard of it for a session's time. */
  void expire() {
    if (consumer != null) {
      consumer.vanish();
    }
  }

  private void act(Runnable action) {
    busy = true;
    try {
      action.run();
      check();
    } catch (Crash e) {
      end();
    } catch (StreamFailure e) {
      note("gives up:", e);
      if (!isExpected(e)) {
        throw new Violation(name + " gave up without a reason: " + e.getMessage(), e);
      }
      try {
        loop.close(Duration.ZERO);
      } catch (Crash | RuntimeException closing) {
        note("did not even close:", closing);
      }
      end();
    } catch (RuntimeException e) {
      throw new Violation(name + " failed: " + e, e);
    } finally {
      busy = false;
    }
    if (violation != null) {
      throw violation;
    }
  }

  private boolean isExpected(StreamFailure e) {
    return switch (e.reason()) {
      case NOT_AUTHORIZED -> notAuthorized;
      case NAME_IN_USE -> rivalled || fences > 1;
      default -> false;
    };
  }

  private void end() {
    alive = false;
    broker.journal().unfollow(following);
    expire();
  }

  private void check() {
    if (runner.records() < 0 || runner.bytes() < 0) {
      throw new Violation("released more than admitted: " + runner.records() + " records");
    }
    if (runner.lateWork() > Math.max(1, settings.maxRecordsInFlight() / 4)) {
      throw new Violation(runner.lateWork() + " of late work in flight");
    }
    if (runner.started() > settings.maxRecordsInFlight() + broker.topic().partitions()) {
      throw new Violation(runner.started() + " records in flight whose work was started");
    }
    if (runner.records() > 1 && runner.bytes() > settings.maxBytesInFlight()) {
      throw new Violation(runner.bytes() + " bytes in flight");
    }
    for (Partition partition : assignment.partitions()) {
      if (partition.isRestored() && partition.ledger().span() > settings.maxSpanPerPartition()) {
        throw new Violation(partition.id() + " ran " + partition.ledger().span() + " ahead");
      }
      if (partition.pendingCount() > SimulatedConsumer.MAX_POLL_RECORDS) {
        throw new Violation(partition.id() + " is polled although it has to wait");
      }
    }
  }

  /** Whether it knows its share of the partitions, and has taken it in. */
  boolean takesPart() {
    return loop.takesPart();
  }

  /** Whether nothing is in flight. */
  boolean isIdle() {
    return runner.isIdle() && runner.bytes() == 0;
  }

  String inFlight() {
    return runner.records()
        + " records of "
        + runner.bytes()
        + " bytes, late work: "
        + runner.lateWork();
  }

  void fenced() {
    fences++;
  }

  void notAuthorized() {
    note("is not authorized");
    notAuthorized = true;
  }

  /** Notes a violation seen where an exception would be taken for one of the work. */
  Violation violated(String what) {
    violation = new Violation(name + ": " + what);
    return violation;
  }

  void note(String what, Object... more) {
    broker.fate().note(name, what, more);
  }

  private static Object part(Field field, StreamLoop loop) {
    try {
      return field.get(loop);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field field(String name) {
    try {
      Field field = StreamLoop.class.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
