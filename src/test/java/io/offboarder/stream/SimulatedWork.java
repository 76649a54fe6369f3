package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.WorkId;
import io.offboarder.stream.SimulatedCases.Case;
import io.offboarder.stream.SimulatedTopic.Kind;
import io.offboarder.stream.WorkContext.Noted;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The work of one instance's life: some is done at once, some later, some much later, some fails
 * first. Sees to it that work of one subject runs one after another, in the order of delivery.
 */
final class SimulatedWork implements RecordProcessor, Executor {
  static final int LARGEST_OUTCOME = 100;
  static final int LONGEST_MICROS = 3_000_000;

  private static final byte[] SHORT = new byte[1];
  private static final byte[] TOO_LONG = new byte[LARGEST_OUTCOME + 1];

  /** So long that {@link TransactionalWriter} flushes after it. */
  private static final byte[] FAR_TOO_LONG = new byte[16 << 10];

  private final SimulatedInstance instance;
  private final boolean unnoted;
  private final Fate fate;
  private final Faults faults;
  private final Map<String, Subject> subjects = new HashMap<>();
  private int deliveries;

  private static final class Subject {
    boolean running;
    int latest;
  }

  /**
   * The work of an instance.
   *
   * @param unnoted whether it does what it notes before the note is answered
   */
  SimulatedWork(SimulatedInstance instance, boolean unnoted) {
    this.unnoted = unnoted;
    this.instance = instance;
    this.fate = instance.broker().fate();
    this.faults = instance.broker().faults();
  }

  @Override
  public void execute(Runnable command) {
    if (fate.oneIn(2)) {
      command.run();
    } else {
      fate.after(
          fate.below(500),
          () -> {
            if (instance.isAlive()) {
              command.run();
            }
          });
    }
  }

  @Override
  public RecordWork prepare(ConsumerRecord<byte[], byte[]> record) {
    Case of = new Case(record.partition(), record.offset());
    int delivery = ++deliveries;
    String subject = subject(record);
    return new RecordWork() {
      @Override
      public String subject() {
        return subject;
      }

      @Override
      public Future<ResultWriter> start(WorkContext context) {
        begin("work on", of, delivery, subject);
        return run(names -> result(of, names), id(of, false), subject, context);
      }
    };
  }

  /** The late work of a case. */
  LateWork late(TopicPartition id, long recordOffset) {
    Case of = new Case(id.partition(), recordOffset);
    int delivery = ++deliveries;
    String subject = subject(instance.broker().topic().next(id.partition(), recordOffset));
    return new LateWork() {
      @Override
      public TopicPartition partition() {
        return id;
      }

      @Override
      public long offset() {
        return recordOffset;
      }

      @Override
      public String subject() {
        return subject;
      }

      @Override
      public Future<ResultWriter> start(WorkContext context) {
        begin("late work on", of, delivery, subject);
        return run(names -> end(of, names), id(of, true), subject, context);
      }
    };
  }

  private static String subject(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    return key.isEmpty() ? null : key;
  }

  private void begin(String what, Case of, int delivery, String name) {
    if (fate.isTracing()) {
      instance.note("starts", what, of);
    }
    if (name == null) {
      return;
    }
    Subject subject = subjects.computeIfAbsent(name, key -> new Subject());
    if (subject.running) {
      throw instance.violated("two works of subject " + name + " run at once");
    }
    if (delivery < subject.latest) {
      throw instance.violated("work of subject " + name + " starts out of order");
    }
    subject.running = true;
    subject.latest = delivery;
  }

  private WorkId id(Case of, boolean late) {
    return new WorkId(instance.broker().topic().id(of.partition()), of.offset(), late);
  }

  /**
   * Runs work: some of it first does something that cannot be undone, and notes it before.
   *
   * @param result of work that names these as done
   */
  private Future<ResultWriter> run(
      Function<Set<Long>, Result> result, WorkId id, String subject, WorkContext context) {
    Set<Long> names = new HashSet<>();
    context.earlierNotes().forEach(note -> names.add(ByteBuffer.wrap(note).getLong()));
    SimulatedJournal journal = instance.broker().journal();
    Promise<Result> promise = Promise.promise();
    if (!journal.isKept() || fate.oneIn(2)) {
      return attempt(() -> result.apply(names), subject, context).map(done -> () -> written(done));
    }
    long act = journal.next(id);
    names.add(act);
    Future<Noted> noted = context.note(ByteBuffer.allocate(Long.BYTES).putLong(act).array());
    if (unnoted) {
      journal.done(id, act);
    }
    noted.onComplete(
        at ->
            fate.after(
                fate.below(2_000),
                () -> act(at.mayGo(), act, names, result, id, subject, context, promise)),
        failure -> {
          end(subject);
          promise.fail(failure);
        });
    return promise.future().map(done -> () -> written(done));
  }

  private SimulatedJournal journal() {
    return instance.broker().journal();
  }

  private void act(
      boolean mayGo,
      long act,
      Set<Long> names,
      Function<Set<Long>, Result> result,
      WorkId id,
      String subject,
      WorkContext context,
      Promise<Result> promise) {
    if (!instance.isAlive()) {
      return;
    }
    if (!mayGo) {
      journal().held(act);
      names.remove(act);
      end(subject);
      promise.complete(result.apply(names));
      return;
    }
    if (fate.isTracing()) {
      instance.note("does", act, "for", id);
    }
    instance.broker().journal().done(id, act);
    try {
      attempt(() -> result.apply(names), subject, context)
          .onComplete(promise::complete, promise::fail);
    } catch (IllegalArgumentException e) {
      promise.fail(e);
    }
  }

  private Future<Result> attempt(Supplier<Result> result, String subject, WorkContext context) {
    boolean fails = fate.strikes(faults.work());
    if (fails && fate.oneIn(2)) {
      end(subject);
      throw new IllegalArgumentException("simulated: work throws");
    }
    if (!fails && fate.oneIn(4)) {
      end(subject);
      return Future.succeededFuture(result.get());
    }
    Promise<Result> promise = Promise.promise();
    int most = fate.strikes(faults.slow()) ? LONGEST_MICROS : fate.oneIn(3) ? 30_000 : 2_000;
    fate.after(
        fate.below(most),
        () -> {
          end(subject);
          if (fails) {
            promise.fail("simulated: work fails");
          } else if (!context.isWanted() && fate.oneIn(2)) {
            promise.fail("simulated: work has not begun");
          } else {
            promise.complete(result.get());
          }
        });
    return promise.future();
  }

  private Result written(Result result) {
    if (fate.strikes(faults.work())) {
      throw new IllegalStateException("simulated: a result cannot be written");
    }
    return result;
  }

  private void end(String subject) {
    if (subject != null) {
      subjects.get(subject).running = false;
    }
  }

  private Result result(Case of, Set<Long> names) {
    byte[] key = key(of);
    List<ProducerRecord<byte[], byte[]>> beside = new ArrayList<>(2);
    if (fate.oneIn(8)) {
      beside.add(new ProducerRecord<>(Kind.DEAD_LETTER.name(), key, SHORT));
    }
    SimulatedCases cases = instance.broker().cases();
    if (cases.isNextOne()) {
      byte[] due = ByteBuffer.allocate(Long.BYTES).putLong(cases.due()).array();
      beside.add(new ProducerRecord<>(Kind.CASE.name(), key, due));
    }
    return result(beside, Kind.OUTCOME, key, names);
  }

  private Result end(Case of, Set<Long> names) {
    byte[] key = key(of);
    return result(List.of(new ProducerRecord<>(Kind.CASE.name(), key, null)), Kind.END, key, names);
  }

  private static byte[] key(Case of) {
    return ByteBuffer.allocate(12).putInt(of.partition()).putLong(of.offset()).array();
  }

  private Result result(
      List<ProducerRecord<byte[], byte[]>> beside, Kind kind, byte[] key, Set<Long> names) {
    List<ProducerRecord<byte[], byte[]>> shortened = new ArrayList<>(beside);
    shortened.add(naming(kind, key, SHORT, names));
    if (fate.strikes(faults.work())) {
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(beside);
      records.add(naming(kind, key, fate.oneIn(2) ? TOO_LONG : FAR_TOO_LONG, names));
      return new Result(records, () -> Result.of(shortened));
    }
    return Result.of(shortened);
  }

  private static ProducerRecord<byte[], byte[]> naming(
      Kind kind, byte[] key, byte[] value, Set<Long> names) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(kind.name(), key, value);
    for (long name : names) {
      record.headers().add("did", ByteBuffer.allocate(Long.BYTES).putLong(name).array());
    }
    return record;
  }
}
