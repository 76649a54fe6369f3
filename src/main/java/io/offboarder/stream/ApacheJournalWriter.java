package io.offboarder.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Appends with a producer of its own, which makes no transactions: a note is true at once. */
final class ApacheJournalWriter implements JournalWriter {
  private final StreamSettings settings;
  private final JournalFormat format;
  private final AppendPacer pacer = new AppendPacer();
  private @Nullable Producer<byte[], byte[]> producer;

  ApacheJournalWriter(StreamSettings settings, JournalFormat format) {
    this.settings = settings;
    this.format = format;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the callback tells what became of it
  public void append(JournalEntry entry, boolean backlog, Appended appended) {
    try {
      Producer<byte[], byte[]> open = producer;
      if (open == null) {
        open = producer();
        producer = open;
      }
      LockSupport.parkNanos(pacer.next(now(), backlog).toNanos());
      open.send(
          format.write(entry),
          (metadata, failure) ->
              appended.ended(
                  failure == null
                      ? new Place(metadata.offset(), Instant.ofEpochMilli(metadata.timestamp()))
                      : null,
                  failure));
      pacer.appended(now());
    } catch (RuntimeException e) {
      if (!(e instanceof RetriableException)) {
        close();
      }
      appended.ended(null, e);
    }
  }

  private static Duration now() {
    return Duration.ofNanos(System.nanoTime());
  }

  private Producer<byte[], byte[]> producer() {
    Map<String, Object> config = new HashMap<>();
    // What the pacer lets go goes at once, and what comes while that is under way goes together.
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // One request takes one batch of the journal's one partition: as many as gather go in it.
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
    config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
    config.putAll(settings.clientProperties());
    config.put(ProducerConfig.CLIENT_ID_CONFIG, settings.instanceId() + "-journal");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public void close() {
    Producer<byte[], byte[]> closing = producer;
    producer = null;
    if (closing != null) {
      try {
        closing.close(Duration.ZERO);
      } catch (InterruptException stopping) {
        // It is closed by now; the thread is still marked as interrupted.
      }
    }
  }
}
