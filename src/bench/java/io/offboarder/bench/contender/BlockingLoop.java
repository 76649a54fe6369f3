package io.offboarder.bench.contender;

import io.offboarder.bench.work.BlockingRevocation;
import io.offboarder.bench.work.Leaver;
import io.offboarder.bench.work.Task;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The textbook loop: poll, do one event after the other, commit. At least once. */
public final class BlockingLoop {
  private BlockingLoop() {}

  /** Runs until it is killed. */
  public static void main(String[] args) {
    Task task = Task.ofThisProcess();
    BlockingRevocation revocation = new BlockingRevocation(task.api());
    try (Outbox outbox = new Outbox(task);
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                task.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(task.input()));
      while (true) {
        var records = consumer.poll(Duration.ofSeconds(1));
        for (ConsumerRecord<byte[], byte[]> record : records) {
          outbox.publish(record, revocation.revoke(Leaver.read(record.value())));
        }
        if (!records.isEmpty()) {
          outbox.settle();
          consumer.commitSync();
        }
      }
    }
  }
}
