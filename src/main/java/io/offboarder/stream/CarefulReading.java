package io.offboarder.stream;

import io.offboarder.stream.CarefulReader.Portion;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads partitions whose last owners died over them in the consumer's place, a portion at a time,
 * until the consumer can go on where nobody has read before. Confined to the Kafka thread.
 */
final class CarefulReading {
  private static final Duration POSITION_TIMEOUT = Duration.ofSeconds(1);

  private final KafkaClients clients;
  private final FailureBackoff failures;
  private @Nullable CarefulReader reader;

  CarefulReading(KafkaClients clients, LoopClock clock) {
    this.clients = clients;
    this.failures = new FailureBackoff("reading with care", clock);
  }

  /**
   * Reads a portion of one of the partitions that need it.
   *
   * @return how many records it read
   */
  int read(Consumer<byte[], byte[]> consumer, Collection<Partition> partitions) {
    Optional<Partition> next = partitions.stream().filter(Partition::needsCare).findFirst();
    if (next.isEmpty()) {
      if (partitions.stream().noneMatch(one -> one.attempts().areSuspicious())) {
        close();
      }
      return 0;
    }
    if (failures.isBackingOff()) {
      return 0;
    }
    try {
      int read = read(consumer, next.get());
      failures.over();
      return read;
    } catch (RuntimeException e) {
      StreamFailure failure = KafkaErrors.failure("reading with care", e);
      if (failure != null) {
        throw failure;
      }
      failures.failed(e);
      return 0;
    }
  }

  private int read(Consumer<byte[], byte[]> consumer, Partition partition) {
    CarefulReader open = reader;
    if (open == null) {
      open = clients.carefulReader();
      reader = open;
    }
    long position = consumer.position(partition.id(), POSITION_TIMEOUT);
    Portion portion = open.read(partition.id(), position);
    if (portion.next() > position) {
      consumer.seek(partition.id(), portion.next());
    }
    partition.polled(portion.records());
    if (portion.atEnd()) {
      partition.attempts().readAll();
    }
    return portion.records().size();
  }

  /** What stands in the way, in words; empty if nothing does. */
  String problem() {
    return failures.reason();
  }

  /** Closes the reader's connections. */
  void close() {
    CarefulReader closing = reader;
    reader = null;
    if (closing != null) {
      closing.close();
    }
  }
}
