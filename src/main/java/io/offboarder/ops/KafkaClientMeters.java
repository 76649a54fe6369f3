package io.offboarder.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.offboarder.stream.StreamListener.Client;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Shows what Kafka's clients measure of themselves: each client's own figures, not those per node
 * and topic, of which there can be any number. A client that takes the place of another takes over
 * its meters. (Micrometer's own binder wants the client, which only its own thread may use.)
 * Thread-safe.
 */
final class KafkaClientMeters {
  private static final Set<String> GROUPS =
      Set.of(
          "consumer-metrics",
          "consumer-coordinator-metrics",
          "consumer-fetch-manager-metrics",
          "consumer-rebalance-metrics",
          "producer-metrics");

  private final MeterRegistry registry;
  private final Map<Client, Map<MetricName, ? extends Metric>> latest = new ConcurrentHashMap<>();
  private final Set<String> shown = ConcurrentHashMap.newKeySet();

  KafkaClientMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void opened(Client client, Supplier<Map<MetricName, ? extends Metric>> metrics) {
    Map<MetricName, ? extends Metric> live = metrics.get();
    latest.put(client, live);
    live.keySet().stream()
        .filter(name -> GROUPS.contains(name.group()) && name.tags().size() == 1)
        .filter(name -> live.get(name).metricValue() instanceof Number)
        .forEach(name -> show(client, name));
  }

  private void show(Client client, MetricName name) {
    String meter =
        ("kafka."
                + client.name().toLowerCase(Locale.ROOT)
                + "."
                + name.group().replaceFirst("^(consumer|producer)-", "").replace("metrics", "")
                + name.name())
            .replace('-', '.')
            .replace("..", ".");
    if (shown.add(meter)) {
      Gauge.builder(meter, () -> value(client, name))
          .description(name.description())
          .strongReference(true)
          .register(registry);
    }
  }

  private double value(Client client, MetricName name) {
    Map<MetricName, ? extends Metric> metrics = latest.get(client);
    Metric metric = metrics == null ? null : metrics.get(name);
    return metric != null && metric.metricValue() instanceof Number number
        ? number.doubleValue()
        : Double.NaN;
  }
}
