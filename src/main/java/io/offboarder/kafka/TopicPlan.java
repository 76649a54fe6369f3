package io.offboarder.kafka;

import java.util.Map;

/**
 * How a topic is made when it is missing; the replication is the broker's default.
 *
 * @param config topic settings by Kafka's names
 */
public record TopicPlan(String name, int partitions, Map<String, String> config) {
  /** 400 days: an audit looks back a year, and takes its time. */
  private static final String AUDIT_MILLIS = String.valueOf(400L * 24 * 60 * 60 * 1000);

  private static final String WEEK_MILLIS = String.valueOf(7L * 24 * 60 * 60 * 1000);
  private static final String JOURNAL_MILLIS = String.valueOf(30L * 24 * 60 * 60 * 1000);

  /** 16 MiB: a record that was too much for us must still fit where it is kept. */
  private static final String LARGE_RECORD_BYTES = String.valueOf(16 << 20);

  /**
   * What one record may decompress to. Brokers from before Kafka 4.4 do not know it, and take
   * records of some kilobytes that decompress to more than a process can hold.
   */
  static final String DECOMPRESSED_BYTES = "max.decompressed.message.bytes";

  private static final String MEBIBYTE = String.valueOf(1 << 20);

  /** Copies the settings. */
  public TopicPlan {
    config = Map.copyOf(config);
  }

  /** A topic that events arrive on: 12 partitions, and the broker's retention. */
  public static TopicPlan input(String name) {
    return new TopicPlan(
        name, 12, Map.of("cleanup.policy", "delete", DECOMPRESSED_BYTES, MEBIBYTE));
  }

  /** The outcomes' topic: 12 partitions, kept for 400 days, with room for large records. */
  public static TopicPlan outcomes(String name) {
    return kept(name, 12);
  }

  /** The dead letters' topic: 3 partitions, kept for 400 days, with room for large records. */
  public static TopicPlan deadLetters(String name) {
    return kept(name, 3);
  }

  /**
   * The topic of what waits: one partition, which gives all cases one order, and of each case the
   * last record. The end of a case stays there for a week, for instances that were away.
   */
  public static TopicPlan cases(String name) {
    return new TopicPlan(
        name,
        1,
        Map.of(
            "cleanup.policy",
            "compact",
            "delete.retention.ms",
            WEEK_MILLIS,
            "max.message.bytes",
            LARGE_RECORD_BYTES,
            DECOMPRESSED_BYTES,
            LARGE_RECORD_BYTES));
  }

  /**
   * The journal's topic: one partition, because its order is what it is good for, with the broker's
   * own times, kept for 30 days: longer than anything that was begun stays unfinished.
   */
  public static TopicPlan journal(String name) {
    return inOrder(name, JOURNAL_MILLIS);
  }

  /**
   * The topic of what people say: one partition, which gives it one order, with the broker's own
   * times, kept as outcomes are.
   */
  public static TopicPlan commands(String name) {
    return inOrder(name, AUDIT_MILLIS);
  }

  private static TopicPlan inOrder(String name, String retentionMillis) {
    return new TopicPlan(
        name,
        1,
        Map.of(
            "cleanup.policy",
            "delete",
            "retention.ms",
            retentionMillis,
            "message.timestamp.type",
            "LogAppendTime",
            DECOMPRESSED_BYTES,
            MEBIBYTE));
  }

  private static TopicPlan kept(String name, int partitions) {
    return new TopicPlan(
        name,
        partitions,
        Map.of(
            "cleanup.policy", "delete",
            "retention.ms", AUDIT_MILLIS,
            "max.message.bytes", LARGE_RECORD_BYTES));
  }
}
