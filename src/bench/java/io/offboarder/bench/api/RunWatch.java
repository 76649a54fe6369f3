package io.offboarder.bench.api;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one run asks, and takes a mark of everybody's processor time where the measured
 * window opens and closes. It stands at the API because that is the one place where all contenders,
 * with Kafka and without, can be seen the same way. Confined to one event loop.
 */
final class RunWatch {
  private final Vertx vertx;
  private final RunPlan plan;
  private final ProcessHandle self = ProcessHandle.current();
  private @Nullable ProcessHandle contender;
  private @Nullable ProcessHandle broker;
  private int verified;
  private long requests;
  private int odd;
  private int inFlight;
  private int mostInFlight;
  private long firstRequestMicros;
  private @Nullable Checkpoint opened;
  private @Nullable Checkpoint closed;

  RunWatch(Vertx vertx, RunPlan plan) {
    this.vertx = vertx;
    this.plan = plan;
  }

  static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  void watch(long contenderPid, long brokerPid) {
    contender = ProcessHandle.of(contenderPid).orElse(null);
    broker = ProcessHandle.of(brokerPid).orElse(null);
    if (plan.warmMillis() == 0) {
      open();
    }
  }

  void started() {
    if (firstRequestMicros == 0) {
      firstRequestMicros = nowMicros();
      vertx.setTimer(Math.max(1, plan.warmMillis()), timer -> open());
    }
    mostInFlight = Math.max(mostInFlight, ++inFlight);
  }

  /** Whether answers still come at once. */
  boolean isPrompt() {
    return verified < plan.promptEvents();
  }

  void answered(int status) {
    inFlight--;
    requests++;
    if (status != 200 && status != 204) {
      odd++;
    }
  }

  void verified() {
    verified++;
    if (verified == plan.warmEvents()) {
      open();
    }
    if (verified == plan.events()) {
      close();
    }
  }

  private void open() {
    if (opened == null && closed == null) {
      opened = mark();
      vertx.setTimer(Math.max(1, plan.measureMillis()), timer -> close());
    }
  }

  private void close() {
    if (closed == null) {
      closed = mark();
    }
  }

  private Checkpoint mark() {
    return new Checkpoint(
        nowMicros(), verified, requests, cpuNanos(contender), cpuNanos(self), cpuNanos(broker));
  }

  private static long cpuNanos(@Nullable ProcessHandle process) {
    return process == null ? 0 : process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  RunProgress standing() {
    return new RunProgress(
        verified, requests, odd, mostInFlight, firstRequestMicros, opened, closed);
  }
}
