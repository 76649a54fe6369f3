package io.offboarder.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Stands between the loop and its clients, to undo a safeguard and see whether that is found. */
interface Sabotage {
  /** All as it should be. */
  Sabotage NONE = new Sabotage() {};

  default Consumer<byte[], byte[]> consumer(Consumer<byte[], byte[]> real) {
    return real;
  }

  /**
   * The loop's producer.
   *
   * @param metadataChars what the broker takes of an offset's metadata
   */
  default Producer<byte[], byte[]> producer(Producer<byte[], byte[]> real, int metadataChars) {
    return real;
  }

  /** How many characters of metadata the loop is told that the broker takes. */
  default int metadataChars(int configured) {
    return configured;
  }

  /** Whether the consumer does without {@code isolation.level=read_committed}. */
  default boolean readsUncommitted() {
    return false;
  }

  /** Commits offsets without the bitmap. */
  static Sabotage bareOffsets() {
    return ofProducer(BareOffsets::new);
  }

  /**
   * Holds nothing back: publishes whatever is finished, and leaves out of the bitmap what the
   * broker has no room for.
   */
  static Sabotage generous() {
    return new Sabotage() {
      @Override
      public int metadataChars(int configured) {
        return 4096;
      }

      @Override
      @SuppressWarnings("unchecked")
      public Producer<byte[], byte[]> producer(Producer<byte[], byte[]> real, int metadataChars) {
        return Stub.of(Producer.class, new Generous(real, metadataChars), real);
      }
    };
  }

  /** Commits without the generation that would fence a former owner. */
  static Sabotage anonymous() {
    return ofProducer(Anonymous::new);
  }

  /** Takes a commit that timed out for done. */
  static Sabotage optimist() {
    return ofProducer(Optimist::new);
  }

  /** Does not hear which partitions it lost, and goes on with them. */
  static Sabotage deaf() {
    return new Sabotage() {
      @Override
      @SuppressWarnings("unchecked")
      public Consumer<byte[], byte[]> consumer(Consumer<byte[], byte[]> real) {
        return Stub.of(Consumer.class, new Deaf(real), real);
      }
    };
  }

  /** Reads committed offsets without waiting for open transactions. */
  static Sabotage impatient() {
    return new Sabotage() {
      @Override
      public boolean readsUncommitted() {
        return true;
      }
    };
  }

  /** Does not count who has begun to read a partition. */
  static Sabotage uncounted() {
    return new Sabotage() {
      @Override
      @SuppressWarnings("unchecked")
      public Consumer<byte[], byte[]> consumer(Consumer<byte[], byte[]> real) {
        return Stub.of(Consumer.class, new Uncounted(), real);
      }
    };
  }

  private static Sabotage ofProducer(Function<Producer<byte[], byte[]>, Object> instead) {
    return new Sabotage() {
      @Override
      @SuppressWarnings("unchecked")
      public Producer<byte[], byte[]> producer(Producer<byte[], byte[]> real, int metadataChars) {
        return Stub.of(Producer.class, instead.apply(real), real);
      }
    };
  }

  /** What a producer does instead; the rest is the real one's. */
  record BareOffsets(Producer<byte[], byte[]> real) {
    void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      Map<TopicPartition, OffsetAndMetadata> bare = new HashMap<>();
      offsets.forEach((id, offset) -> bare.put(id, new OffsetAndMetadata(offset.offset())));
      real.sendOffsetsToTransaction(bare, group);
    }
  }

  /** What a producer does instead; the rest is the real one's. */
  record Generous(Producer<byte[], byte[]> real, int metadataChars) {
    void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      Map<TopicPartition, OffsetAndMetadata> stripped = new HashMap<>();
      offsets.forEach((id, offset) -> stripped.put(id, stripped(offset)));
      real.sendOffsetsToTransaction(stripped, group);
    }

    private OffsetAndMetadata stripped(OffsetAndMetadata offset) {
      OffsetMetadata.Decoded all =
          OffsetMetadata.decode(offset.offset(), offset.metadata()).orElseThrow();
      int room = OffsetMetadata.capacity(all.encoding(), metadataChars);
      return new OffsetAndMetadata(
          offset.offset(),
          OffsetMetadata.encode(
              all.encoding(), offset.offset(), all.finished().get(0, room), 0, all.toggle()));
    }
  }

  /** What a producer does instead; the rest is the real one's. */
  record Anonymous(Producer<byte[], byte[]> real) {
    void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      real.sendOffsetsToTransaction(offsets, SimulatedConsumer.metadata("", -1));
    }
  }

  /** What a producer does instead; the rest is the real one's. */
  record Optimist(Producer<byte[], byte[]> real) {
    void commitTransaction() {
      try {
        real.commitTransaction();
      } catch (TimeoutException e) {
        // It will have been done.
      }
    }
  }

  /** What a consumer does instead; the rest is the real one's. */
  record Uncounted() {
    void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
      // Nobody is told.
    }
  }

  /** What a consumer does instead; the rest is the real one's. */
  record Deaf(Consumer<byte[], byte[]> real) {
    void pause(Collection<TopicPartition> partitions) {
      partitions.stream().filter(real.assignment()::contains).map(Set::of).forEach(real::pause);
    }

    void resume(Collection<TopicPartition> partitions) {
      partitions.stream().filter(real.assignment()::contains).map(Set::of).forEach(real::resume);
    }

    OptionalLong currentLag(TopicPartition id) {
      return real.assignment().contains(id) ? real.currentLag(id) : OptionalLong.empty();
    }

    void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
      real.subscribe(
          topics,
          new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
              listener.onPartitionsAssigned(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
              listener.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
              // Nobody tells the loop.
            }
          });
    }
  }
}
