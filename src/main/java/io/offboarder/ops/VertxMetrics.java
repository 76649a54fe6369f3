package io.offboarder.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.Set;

/**
 * What Vert.x measures of its HTTP server: connections, requests and bytes, by method and status
 * alone. Not of its client, which {@link ServiceMetrics} tells by operation and for which Vert.x
 * looks each meter up with every request, at 7 % of the event loop's time. Not of its pools: their
 * meters clash, with a warning, whenever an idle connection's place is taken by another, and no
 * request of this program queues there.
 */
public final class VertxMetrics {
  private static final Set<MetricsDomain> SHOWN = Set.of(MetricsDomain.HTTP_SERVER);

  private VertxMetrics() {}

  /** A Vert.x whose meters are in this registry. */
  public static Vertx vertx(MeterRegistry registry) {
    MicrometerMetricsOptions metrics =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            .setLabels(EnumSet.of(Label.HTTP_METHOD, Label.HTTP_CODE));
    for (MetricsDomain domain : EnumSet.complementOf(EnumSet.copyOf(SHOWN))) {
      metrics.addDisabledMetricsCategory(domain.toCategory());
    }
    return Vertx.builder()
        .with(new VertxOptions().setMetricsOptions(metrics))
        .withMetrics(new MicrometerMetricsFactory(registry))
        .build();
  }
}
