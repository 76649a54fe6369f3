package io.offboarder.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * The input partitions, what is committed for them, and the outcomes that a {@code read_committed}
 * consumer sees. Whatever becomes visible is held against the promises here, at once.
 */
final class SimulatedTopic {
  static final String NAME = "in";

  private final Fate fate;
  private final boolean lenient;
  private final double killing;
  private final List<Part> parts = new ArrayList<>();
  private int records;
  private int outcomes;
  private int secondOutcomes;

  private static final class Part {
    final TopicPartition id;
    final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
    final BitSet outcomes = new BitSet();
    final BitSet killers = new BitSet();
    final Map<Long, Integer> kills = new HashMap<>();
    OffsetAndMetadata committed;

    /** How often it was committed outside of a transaction. */
    int plainCommits;

    /** Transactions that will or will not commit an offset here. */
    int unstable;

    Part(int number) {
      id = new TopicPartition(NAME, number);
    }
  }

  /**
   * What a transaction publishes about a record.
   *
   * @param due of a case, in microseconds
   * @param names of a result, what was done
   */
  record Published(Kind kind, int partition, long offset, long due, Set<Long> names) {
    SimulatedCases.Case ofCase() {
      return new SimulatedCases.Case(partition, offset);
    }
  }

  /** What is published. */
  enum Kind {
    OUTCOME,
    DEAD_LETTER,
    /** The case that it leaves behind. */
    CASE,
    /** The result of that case's late work. */
    END,
    /** The tombstone of the case. */
    TOMBSTONE,
    /** The tombstone of no case, which ends a transaction. */
    NOTHING
  }

  /**
   * A topic.
   *
   * @param lenient whether transactions may be torn, so that only a record without any outcome
   *     breaks a promise
   * @param killing how often a record is one that kills whoever polls it
   */
  SimulatedTopic(Fate fate, int partitions, boolean lenient, double killing) {
    this.killing = killing;
    this.fate = fate;
    this.lenient = lenient;
    for (int i = 0; i < partitions; i++) {
      parts.add(new Part(i));
    }
  }

  int partitions() {
    return parts.size();
  }

  TopicPartition id(int partition) {
    return parts.get(partition).id;
  }

  /** Adds a record, and before it, now and then, offsets that are never delivered. */
  void append(int partition, String subject) {
    Part part = parts.get(partition);
    while (fate.oneIn(6)) {
      part.log.add(null);
    }
    byte[] key = subject.getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[fate.between(1, 20)];
    if (fate.strikes(killing)) {
      part.killers.set(part.log.size());
    }
    part.log.add(
        new ConsumerRecord<>(
            NAME,
            partition,
            part.log.size(),
            0,
            TimestampType.CREATE_TIME,
            key.length,
            value.length,
            key,
            value,
            new RecordHeaders(),
            Optional.empty()));
    records++;
  }

  /** The record at this offset or the next one after it, or null. */
  ConsumerRecord<byte[], byte[]> next(int partition, long offset) {
    List<ConsumerRecord<byte[], byte[]>> log = parts.get(partition).log;
    for (int i = (int) offset; i < log.size(); i++) {
      if (log.get(i) != null) {
        return log.get(i);
      }
    }
    return null;
  }

  /** Whether a record kills whoever polls it. */
  boolean kills(int partition, long offset) {
    return parts.get(partition).killers.get((int) offset);
  }

  /** A record has killed an instance; it may do so twice. */
  void killed(int partition, long offset) {
    if (parts.get(partition).kills.merge(offset, 1, Integer::sum) > 2) {
      throw new Violation(id(partition) + "@" + offset + " kills a third instance");
    }
  }

  int plainCommits(int partition) {
    return parts.get(partition).plainCommits;
  }

  /** An offset is committed outside of a transaction. */
  void commit(int partition, OffsetAndMetadata offset) {
    Part part = parts.get(partition);
    part.committed = offset;
    part.plainCommits++;
    if (!lenient && part.unstable == 0) {
      check(part);
    }
  }

  OffsetAndMetadata committed(int partition) {
    return parts.get(partition).committed;
  }

  boolean isStable(int partition) {
    return parts.get(partition).unstable == 0;
  }

  void pending(int partition, int change) {
    parts.get(partition).unstable += change;
  }

  /** How many outcomes were published, second ones with them. */
  int published() {
    return outcomes + secondOutcomes;
  }

  boolean everyRecordHasItsOutcome() {
    return outcomes == records;
  }

  String missing() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      for (ConsumerRecord<byte[], byte[]> record : part.log) {
        if (record != null && !part.outcomes.get((int) record.offset())) {
          text.append(part.id).append('@').append(record.offset()).append(' ');
        }
      }
    }
    return text.toString();
  }

  /** A transaction becomes visible. */
  void commit(List<Published> published, Map<Integer, OffsetAndMetadata> offsets) {
    Set<Integer> touched = new HashSet<>(offsets.keySet());
    checkWhole(published);
    for (Published one : published) {
      if (one.kind() == Kind.OUTCOME) {
        BitSet done = parts.get(one.partition()).outcomes;
        touched.add(one.partition());
        if (done.get((int) one.offset())) {
          if (lenient) {
            secondOutcomes++;
            continue;
          }
          throw new Violation("a second outcome for " + id(one.partition()) + "@" + one.offset());
        }
        done.set((int) one.offset());
        outcomes++;
      }
    }
    offsets.forEach((partition, offset) -> parts.get(partition).committed = offset);
    if (!lenient) {
      touched.stream()
          .map(parts::get)
          .filter(part -> part.unstable == 0)
          .forEach(part -> check(part));
    }
  }

  /** A result is published whole. */
  private static void checkWhole(List<Published> published) {
    Map<Kind, Set<SimulatedCases.Case>> by = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      by.put(kind, new HashSet<>());
    }
    published.forEach(one -> by.get(one.kind()).add(one.ofCase()));
    if (!by.get(Kind.OUTCOME).containsAll(by.get(Kind.DEAD_LETTER))) {
      throw new Violation("a dead letter without its outcome");
    }
    if (!by.get(Kind.OUTCOME).containsAll(by.get(Kind.CASE))) {
      throw new Violation("a case without the outcome of its record");
    }
    if (!by.get(Kind.END).equals(by.get(Kind.TOMBSTONE))) {
      throw new Violation("an end of a case without its tombstone, or the other way round");
    }
  }

  private static void check(Part part) {
    OffsetAndMetadata committed = part.committed;
    long base = committed == null ? 0 : committed.offset();
    BitSet beyond =
        committed == null
            ? new BitSet()
            : OffsetMetadata.decode(base, committed.metadata())
                .orElseThrow(() -> new Violation("metadata that nobody can read at " + part.id))
                .finished();
    if (base > part.log.size()) {
      throw new Violation(part.id + " is committed to " + base + ", beyond its end");
    }
    Map<String, Long> open = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : part.log) {
      if (record == null) {
        continue;
      }
      long offset = record.offset();
      boolean shown = offset < base || beyond.get((int) (offset - base));
      boolean published = part.outcomes.get((int) offset);
      if (shown && !published) {
        throw new Violation(part.id + "@" + offset + " is committed as finished, has no outcome");
      }
      if (published && !shown) {
        throw new Violation(part.id + "@" + offset + " has an outcome, is not committed as such");
      }
      String subject = new String(record.key(), StandardCharsets.UTF_8);
      if (!published) {
        open.putIfAbsent(subject, offset);
      } else if (!subject.isEmpty() && open.containsKey(subject)) {
        throw new Violation(
            part.id
                + "@"
                + offset
                + " has its outcome before that of "
                + open.get(subject)
                + ", which is of the same subject");
      }
    }
  }
}
