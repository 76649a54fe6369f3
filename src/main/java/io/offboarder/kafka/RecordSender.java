package io.offboarder.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes records as they come, in their order, and says when Kafka has them: all replicas in
 * sync, and none twice. Never blocks who calls it; may be used from any thread.
 */
public final class RecordSender implements AutoCloseable {
  /** What a record has beside its body: names and values of headers, and a key. */
  private static final int ENVELOPE_BYTES = 64 << 10;

  private final KafkaSettings settings;
  private final Producer<byte[], byte[]> producer;

  /** The producer's own call blocks while it looks for a topic's brokers. */
  private final ThreadPoolExecutor thread;

  private RecordSender(KafkaSettings settings, Producer<byte[], byte[]> producer, int mostWaiting) {
    this.settings = settings;
    this.producer = producer;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(mostWaiting),
            task -> new Thread(task, "record-sender"));
  }

  /**
   * Opens a sender; does not reach for a broker yet.
   *
   * @param settings their patience is how long a record may take to be in Kafka
   * @param bodyBytes the largest record's value
   * @param mostWaiting how many records may wait to be handed to the producer
   * @throws KafkaFailure if the client cannot work with the settings
   */
  public static RecordSender open(KafkaSettings settings, int bodyBytes, int mostWaiting) {
    Map<String, Object> client = settings.withPatience(third(settings)).client();
    client.put("acks", "all");
    client.put("enable.idempotence", true);
    client.put("linger.ms", 0);
    client.put("max.request.size", bodyBytes + ENVELOPE_BYTES);
    client.put("max.block.ms", client.get("request.timeout.ms"));
    client.put("delivery.timeout.ms", client.get("request.timeout.ms"));
    try {
      return new RecordSender(
          settings,
          new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer()),
          mostWaiting);
    } catch (RuntimeException e) {
      throw KafkaFailure.of("connecting", settings, e);
    }
  }

  /** One for waiting here, one for finding the brokers, one for what they take. */
  private static Duration third(KafkaSettings settings) {
    return settings.patience().dividedBy(3);
  }

  /**
   * Publishes a record.
   *
   * @return completes when Kafka has it; fails with a {@link KafkaFailure} within the settings'
   *     patience, after which Kafka does not get it any more, unless it has it already
   */
  public CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> record) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    long deadline = System.nanoTime() + third(settings).toNanos();
    try {
      thread.execute(() -> hand(record, sent, deadline));
    } catch (RejectedExecutionException e) {
      sent.completeExceptionally(
          new KafkaFailure(
              KafkaFailure.Kind.UNREACHABLE, "too many records wait to be published", e));
    }
    return sent;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Its callback says the same.
  private void hand(
      ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> sent, long deadline) {
    if (System.nanoTime() - deadline > 0) {
      sent.completeExceptionally(
          new KafkaFailure(
              KafkaFailure.Kind.UNREACHABLE,
              "no broker of " + settings.bootstrapServers() + " answered in time"));
      return;
    }
    try {
      producer.send(
          record,
          (at, failure) -> {
            if (failure == null) {
              sent.complete(null);
            } else {
              sent.completeExceptionally(KafkaFailure.of("publishing", settings, failure));
            }
          });
    } catch (RuntimeException e) {
      sent.completeExceptionally(KafkaFailure.of("publishing", settings, e));
    }
  }

  /** Waits for what is on its way, for as long as the settings' patience. */
  @Override
  public void close() {
    thread.shutdown();
    producer.close(settings.patience());
  }
}
