package io.offboarder.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CommitFailedException;
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

  /** Whether the loop does not know where late work is read. */
  default boolean leavesOpen() {
    return false;
  }

  /** What the loop is told of how the last transaction of its name was decided. */
  default boolean wasLastCommitted(boolean truth) {
    return truth;
  }

  /** How many characters of metadata the loop is told that the broker takes. */
  default int metadataChars(int configured) {
    return configured;
  }

  /** What the table of cases is to have reached before a partition's late work starts. */
  enum CatchUp {
    /** The end of what was written when the partition had been restored. */
    END,
    /** The end of what was written when the instance began. */
    FIRST_END,
    /** The end of what was decided when it had been restored. */
    STABLE_END,
    /** Nothing. */
    NONE
  }

  /** Whether work acts without waiting for its note. */
  default boolean actsUnnoted() {
    return false;
  }

  /** Whether an entry of the journal is seen by a run of this name. */
  default boolean seesInJournal(JournalEntry entry, String run) {
    return true;
  }

  /** What the table of cases has to reach. */
  default CatchUp catchUp() {
    return CatchUp.END;
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

  /** Starts late work before the table of cases has caught up. */
  static Sabotage hasty(CatchUp to) {
    return new Sabotage() {
      @Override
      public CatchUp catchUp() {
        return to;
      }
    };
  }

  /** Leaves offsets that do not move out of its transactions. */
  static Sabotage unmoved() {
    return ofProducer(Unmoved::new);
  }

  /** Does what is to be noted before it is. */
  static Sabotage unnoted() {
    return new Sabotage() {
      @Override
      public boolean actsUnnoted() {
        return true;
      }
    };
  }

  /** Sees no claim in the journal but its own. */
  static Sabotage unclaimed() {
    return new Sabotage() {
      @Override
      public boolean seesInJournal(JournalEntry entry, String run) {
        return entry.writer().equals(run) || !(entry instanceof JournalEntry.Claim);
      }
    };
  }

  /** Lets an instance's own notes alone count. */
  static Sabotage alone() {
    return new Sabotage() {
      @Override
      public boolean seesInJournal(JournalEntry entry, String run) {
        return entry.writer().equals(run) || !(entry instanceof JournalEntry.Note);
      }
    };
  }

  /** Commits positions in the journal that lie beyond the notes of unfinished work. */
  static Sabotage forgetful() {
    return ofProducer(Forgetful::new);
  }

  /** Commits the same metadata for an offset whether or not late work is published. */
  static Sabotage uncountedLateWork() {
    return ofProducer(UncountedLateWork::new);
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

  /** Takes over what it was given, though no commit shows that it still owns it. */
  static Sabotage credulous() {
    return new Sabotage() {
      @Override
      @SuppressWarnings("unchecked")
      public Consumer<byte[], byte[]> consumer(Consumer<byte[], byte[]> real) {
        return Stub.of(Consumer.class, new Credulous(real), real);
      }
    };
  }

  /** Leaves open what Kafka has forgotten to end. */
  static Sabotage careless() {
    return new Sabotage() {
      @Override
      public boolean leavesOpen() {
        return true;
      }
    };
  }

  /** Takes every transaction for aborted that Kafka has forgotten to end. */
  static Sabotage pessimist() {
    return new Sabotage() {
      @Override
      public boolean wasLastCommitted(boolean truth) {
        return false;
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
              all.encoding(),
              offset.offset(),
              all.finished().get(0, room),
              0,
              all.lateCommits(),
              all.journal()));
    }
  }

  /** What a producer does instead; the rest is the real one's. */
  record Unmoved(
      Producer<byte[], byte[]> real,
      Map<TopicPartition, List<Object>> latest,
      Map<TopicPartition, List<Object>> sent) {
    Unmoved(Producer<byte[], byte[]> real) {
      this(real, new HashMap<>(), new HashMap<>());
    }

    void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>(offsets);
      moved.entrySet().removeIf(one -> ledger(one.getValue()).equals(latest.get(one.getKey())));
      sent.clear();
      offsets.forEach((id, offset) -> sent.put(id, ledger(offset)));
      if (!moved.isEmpty()) {
        real.sendOffsetsToTransaction(moved, group);
      }
    }

    void commitTransaction() {
      real.commitTransaction();
      latest.putAll(sent);
    }

    private static List<Object> ledger(OffsetAndMetadata offset) {
      return List.of(
          offset.offset(),
          OffsetMetadata.decode(offset.offset(), offset.metadata()).orElseThrow().finished());
    }
  }

  /** What a producer does instead; the rest is the real one's. */
  record UncountedLateWork(Producer<byte[], byte[]> real) {
    void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      Map<TopicPartition, OffsetAndMetadata> same = new HashMap<>();
      offsets.forEach((id, offset) -> same.put(id, uncountedLateWork(offset)));
      real.sendOffsetsToTransaction(same, group);
    }
  }

  private static OffsetAndMetadata uncountedLateWork(OffsetAndMetadata offset) {
    OffsetMetadata.Decoded all =
        OffsetMetadata.decode(offset.offset(), offset.metadata()).orElseThrow();
    return new OffsetAndMetadata(
        offset.offset(),
        OffsetMetadata.encode(
            all.encoding(), offset.offset(), all.finished(), all.attempts(), 0, all.journal()));
  }

  /** What a producer does instead; the rest is the real one's. */
  record Forgetful(Producer<byte[], byte[]> real) {
    void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      Map<TopicPartition, OffsetAndMetadata> later = new HashMap<>();
      offsets.forEach((id, offset) -> later.put(id, later(offset)));
      real.sendOffsetsToTransaction(later, group);
    }

    private static OffsetAndMetadata later(OffsetAndMetadata offset) {
      OffsetMetadata.Decoded all =
          OffsetMetadata.decode(offset.offset(), offset.metadata()).orElseThrow();
      return all.journal() == OffsetMetadata.NOWHERE
          ? offset
          : new OffsetAndMetadata(
              offset.offset(),
              OffsetMetadata.encode(
                  all.encoding(),
                  offset.offset(),
                  all.finished(),
                  all.attempts(),
                  all.lateCommits(),
                  all.journal() + 3));
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
  record Credulous(Consumer<byte[], byte[]> real) {
    void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
      try {
        real.commitSync(offsets, timeout);
      } catch (CommitFailedException | TimeoutException e) {
        // It will still be its own.
      }
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
