package io.offboarder.ops;

import io.offboarder.stream.StreamListener.Client;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Kafka answers. A consumer with nothing to do reports no error when its brokers are gone:
 * it polls, finds nothing, and reconnects in silence. But it asks for records twice a second and
 * sends heartbeats, so its count of responses stands still only if no broker answers.
 *
 * <p>{@link #opened} and the getters may be called from any thread, {@link #check} from one.
 */
final class BrokerContact {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerContact.class);

  /** How often to call {@link #check}. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Several heartbeats, so that one that is late is no news. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A moment, and whether Kafka answers. */
  private record State(boolean ever, long heardAt, boolean silent) {}

  private final LongSupplier nanoTime;
  private volatile @Nullable Metric responses;
  private volatile State state;
  private @Nullable Metric counted;
  private double count;

  BrokerContact(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.state = new State(false, nanoTime.getAsLong(), false);
  }

  /** A client was built, perhaps in the place of an earlier one. */
  void opened(Client client, Map<MetricName, ? extends Metric> metrics) {
    if (client != Client.CONSUMER) {
      return;
    }
    metrics.forEach(
        (name, metric) -> {
          if (name.name().equals("response-total") && name.group().equals("consumer-metrics")) {
            responses = metric;
          }
        });
  }

  /** Looks whether Kafka has answered since the last look; logs when that changes. */
  void check() {
    long now = nanoTime.getAsLong();
    State before = state;
    if (isAnswered()) {
      state = new State(true, now, false);
      if (before.silent()) {
        LOG.info("Kafka answers again, after {} s", silence(before, now).toSeconds());
      }
    } else if (before.ever() && !before.silent() && silence(before, now).compareTo(PATIENCE) > 0) {
      state = new State(true, before.heardAt(), true);
      LOG.warn(
          "Kafka has not answered for {} s; events wait until it does",
          silence(before, now).toSeconds());
    }
  }

  private boolean isAnswered() {
    Metric metric = responses;
    if (metric == null || !(metric.metricValue() instanceof Number value)) {
      return false;
    }
    double before = metric == counted ? count : 0;
    counted = metric;
    count = value.doubleValue();
    return count > before;
  }

  /** What is wrong, in words; null if Kafka answers. */
  @Nullable String problem() {
    State now = state;
    if (!now.ever()) {
      return "Kafka has not answered yet";
    }
    return now.silent()
        ? "Kafka has not answered for " + silence(now, nanoTime.getAsLong()).toSeconds() + " s"
        : null;
  }

  /** How long ago Kafka was last heard of, or since the start if it never was. */
  Duration silence() {
    return silence(state, nanoTime.getAsLong());
  }

  private static Duration silence(State state, long now) {
    return Duration.ofNanos(now - state.heardAt());
  }
}
