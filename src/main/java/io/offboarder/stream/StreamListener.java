package io.offboarder.stream;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Told what an engine does, for metrics. Called on the engine's threads: must be quick, not throw.
 */
public interface StreamListener {

  /** Hears nothing. */
  StreamListener NONE = new StreamListener() {};

  /** Which of Kafka's clients. */
  enum Client {
    /** The consumer. */
    CONSUMER,
    /** The producer. */
    PRODUCER
  }

  /** How a transaction ended. */
  enum End {
    /** All of it is visible. */
    COMMITTED,
    /** None of it is; it is sent again. */
    ABORTED,
    /** Kafka did not say; the committed offsets will. */
    IN_DOUBT
  }

  /**
   * A client was built, perhaps in the place of an earlier one.
   *
   * @param metrics its own, by Kafka's names; may be asked from any thread
   */
  default void opened(Client client, Supplier<Map<MetricName, ? extends Metric>> metrics) {}

  /** A note is in the journal, and its work goes on. */
  default void noted(Duration took) {}

  /** A transaction ended. */
  default void transactionEnded(End end, int records, Duration took) {}
}
