package io.offboarder.bench.contender;

import io.offboarder.bench.work.Task;
import io.offboarder.bench.work.Verdict;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes outcomes in the background. Thread-safe. */
final class Outbox implements AutoCloseable {
  private final Task task;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  Outbox(Task task) {
    this.task = task;
    this.producer =
        new KafkaProducer<>(task.producer(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of a failure
  void publish(ConsumerRecord<byte[], byte[]> record, Verdict verdict) {
    byte[] outcome = verdict.outcome(record.topic(), record.partition(), record.offset());
    producer.send(
        new ProducerRecord<>(task.outcomes(), record.key(), outcome),
        (metadata, problem) -> failure.compareAndSet(null, problem));
  }

  /** Waits until everything so far is acknowledged; throws if something was not. */
  void settle() {
    producer.flush();
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
