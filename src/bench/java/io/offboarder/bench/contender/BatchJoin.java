package io.offboarder.bench.contender;

import io.offboarder.bench.work.Leaver;
import io.offboarder.bench.work.Task;
import io.offboarder.bench.work.Verdict;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Poll a batch (of Kafka's default size, 500), start all of it, wait for all of it, commit. Events
 * of one subject stay in order within a batch. At least once.
 */
public final class BatchJoin {
  private final Context loop;
  private final AsyncRevocation revocation;
  private final Outbox outbox;

  private BatchJoin(Vertx vertx, Task task, Outbox outbox) {
    this.loop = vertx.getOrCreateContext();
    this.revocation = new AsyncRevocation(vertx, task);
    this.outbox = outbox;
  }

  /** Runs until it is killed. */
  public static void main(String[] args) {
    Task task = Task.ofThisProcess();
    try (Outbox outbox = new Outbox(task);
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                task.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      new BatchJoin(Vertx.vertx(), task, outbox).run(consumer, task.input());
    }
  }

  private void run(KafkaConsumer<byte[], byte[]> consumer, String input) {
    consumer.subscribe(List.of(input));
    while (true) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
      if (!records.isEmpty()) {
        CompletableFuture<Void> batch = new CompletableFuture<>();
        loop.runOnContext(go -> start(records, batch));
        batch.join();
        outbox.settle();
        consumer.commitSync();
      }
    }
  }

  private void start(ConsumerRecords<byte[], byte[]> records, CompletableFuture<Void> batch) {
    KeyedOrder<Verdict> order = new KeyedOrder<>();
    List<Future<Verdict>> all = new ArrayList<>(records.count());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Leaver leaver = Leaver.read(record.value());
      all.add(
          order
              .run(leaver.personId(), () -> revocation.revoke(leaver))
              .onSuccess(verdict -> outbox.publish(record, verdict)));
    }
    Future.all(all).onSuccess(done -> batch.complete(null)).onFailure(batch::completeExceptionally);
  }
}
