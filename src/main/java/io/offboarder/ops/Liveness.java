package io.offboarder.ops;

import io.offboarder.service.OffboardingVerticle;
import io.offboarder.service.ServiceStatus;
import io.offboarder.stream.StreamStatus;
import io.offboarder.stream.StreamStatus.Phase;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;

/**
 * Whether a service's two loops turn: that of its Kafka threads, which says so itself, and its
 * event loop, which is asked. One that does not is beyond waiting for; a restart helps.
 *
 * @param kafkaPatience how long a turn of the Kafka thread, or a transaction, may take
 * @param eventLoopPatience how long the event loop may take to answer
 */
record Liveness(Duration kafkaPatience, Duration eventLoopPatience) {

  /**
   * Kafka's clients may wait for a broker several times in one turn, for 10 s or so each. An answer
   * later than 2 s is none for a probe.
   */
  static final Liveness USUAL = new Liveness(Duration.ofMinutes(2), Duration.ofSeconds(2));

  HealthChecks of(Vertx vertx, OffboardingVerticle service) {
    return HealthChecks.create(vertx)
        .register("kafka-loop", promise -> promise.complete(kafkaLoop(service.status())))
        .register(
            "event-loop",
            eventLoopPatience.multipliedBy(2).toMillis(),
            promise -> eventLoop(vertx, service, promise));
  }

  private Status kafkaLoop(ServiceStatus service) {
    StreamStatus stream = service.stream();
    if (stream != null && stream.phase() == Phase.STOPPED) {
      return stuck("the service has stopped");
    }
    Duration silent = service.sinceStreamAlive();
    // Starting and stopping wait for others, with bounds of their own.
    boolean turns =
        stream != null && (stream.phase() == Phase.JOINING || stream.phase() == Phase.RUNNING);
    return turns && silent.compareTo(kafkaPatience) > 0
        ? stuck("a Kafka thread has not come round for " + silent.toSeconds() + " s")
        : Status.OK();
  }

  private void eventLoop(Vertx vertx, OffboardingVerticle service, Promise<Status> promise) {
    long timer =
        vertx.setTimer(
            eventLoopPatience.toMillis(),
            late ->
                promise.tryComplete(
                    stuck(
                        "the event loop has not answered within "
                            + eventLoopPatience.toMillis()
                            + " ms")));
    service
        .loopTurns()
        .onComplete(
            turned -> {
              vertx.cancelTimer(timer);
              promise.tryComplete(Status.OK());
            });
  }

  private static Status stuck(String reason) {
    return Status.KO(new JsonObject().put("reason", reason));
  }
}
