package io.offboarder.ops;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.HealthChecks;

/** What a management port shows of the process that it is in. */
public interface Inspection {
  /**
   * Whether its threads turn; where not, a restart helps. Called once, on the port's event loop.
   */
  HealthChecks live(Vertx vertx);

  /** Whether it does what it is for. Called once, on the port's event loop. */
  HealthChecks ready(Vertx vertx);

  /** Brings meters up to date that are no counters. Called before each scrape, from any thread. */
  void update();

  /** All meters. */
  PrometheusMeterRegistry registry();
}
