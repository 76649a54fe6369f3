package io.offboarder.ops;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.service.OffboardingVerticle;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.HealthChecks;
import java.util.Locale;

/** What a management port shows of the service that revokes. */
final class ServiceInspection implements Inspection {
  private final OffboardingVerticle service;
  private final PrometheusMeterRegistry registry;
  private final BrokerContact kafka;
  private final Liveness liveness;
  private final ServiceGauges gauges;

  ServiceInspection(OffboardingVerticle service, ServiceMetrics metrics, Liveness liveness) {
    this.service = service;
    this.registry = metrics.registry();
    this.kafka = metrics.brokerContact();
    this.liveness = liveness;
    this.gauges = new ServiceGauges(service, kafka, registry);
  }

  @Override
  public HealthChecks live(Vertx vertx) {
    return liveness.of(vertx, service);
  }

  @Override
  public HealthChecks ready(Vertx vertx) {
    vertx.setPeriodic(BrokerContact.INTERVAL.toMillis(), tick -> kafka.check());
    HealthChecks ready = HealthChecks.create(vertx);
    for (Readiness one : Readiness.values()) {
      ready.register(
          one.name().toLowerCase(Locale.ROOT),
          promise -> promise.complete(one.of(service.status(), kafka.problem())));
    }
    return ready;
  }

  @Override
  public void update() {
    gauges.update();
  }

  @Override
  public PrometheusMeterRegistry registry() {
    return registry;
  }
}
