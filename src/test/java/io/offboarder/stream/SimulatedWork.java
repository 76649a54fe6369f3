package io.offboarder.stream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The work of one instance's life: some is done at once, some later, some much later, some fails
 * first. Sees to it that work of one subject runs one after another, in the order of delivery.
 */
final class SimulatedWork implements RecordProcessor, Executor {
  static final String OUTCOMES = "outcomes";
  static final int LARGEST_OUTCOME = 100;
  static final int LONGEST_MICROS = 3_000_000;

  private static final byte[] SHORT = new byte[1];
  private static final byte[] TOO_LONG = new byte[LARGEST_OUTCOME + 1];

  /** So long that {@link TransactionalWriter} flushes after it. */
  private static final byte[] FAR_TOO_LONG = new byte[16 << 10];

  private final SimulatedInstance instance;
  private final Fate fate;
  private final Faults faults;
  private final Map<String, Subject> subjects = new HashMap<>();
  private int deliveries;

  private static final class Subject {
    boolean running;
    int latest;
  }

  SimulatedWork(SimulatedInstance instance) {
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
    int delivery = ++deliveries;
    String key = new String(record.key(), StandardCharsets.UTF_8);
    String subject = key.isEmpty() ? null : key;
    return new RecordWork() {
      @Override
      public String subject() {
        return subject;
      }

      @Override
      public Future<ResultWriter> start(WorkContext context) {
        begin(record, delivery, subject);
        return run(record, subject, context).map(result -> () -> written(result));
      }
    };
  }

  private void begin(ConsumerRecord<byte[], byte[]> record, int delivery, String name) {
    if (fate.isTracing()) {
      instance.note("starts work on", record.partition() + "@" + record.offset());
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

  private Future<Result> run(
      ConsumerRecord<byte[], byte[]> record, String subject, WorkContext context) {
    boolean fails = fate.strikes(faults.work());
    if (fails && fate.oneIn(2)) {
      end(subject);
      throw new IllegalArgumentException("simulated: work throws");
    }
    if (!fails && fate.oneIn(4)) {
      end(subject);
      return Future.succeededFuture(result(record));
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
            promise.complete(result(record));
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

  private Result result(ConsumerRecord<byte[], byte[]> record) {
    byte[] key =
        ByteBuffer.allocate(12).putInt(record.partition()).putLong(record.offset()).array();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(2);
    if (fate.oneIn(8)) {
      records.add(new ProducerRecord<>("dead-letters", key, SHORT));
    }
    List<ProducerRecord<byte[], byte[]>> shortened = new ArrayList<>(records);
    shortened.add(new ProducerRecord<>(OUTCOMES, key, SHORT));
    if (fate.strikes(faults.work())) {
      records.add(new ProducerRecord<>(OUTCOMES, key, fate.oneIn(2) ? TOO_LONG : FAR_TOO_LONG));
      return new Result(records, () -> Result.of(shortened));
    }
    return Result.of(shortened);
  }
}
