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
  private final Course course;
  private final ProcessHandle self = ProcessHandle.current();
  private @Nullable ProcessHandle contender;
  private @Nullable ProcessHandle broker;
  private int verified;
  private long requests;
  private int odd;
  private int inFlight;
  private int mostInFlight;
  private long firstRequestMicros;
  private @Nullable Mark opened;
  private @Nullable Mark closed;

  RunWatch(Vertx vertx, Course course) {
    this.vertx = vertx;
    this.course = course;
  }

  static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  void watch(long contenderPid, long brokerPid) {
    contender = ProcessHandle.of(contenderPid).orElse(null);
    broker = ProcessHandle.of(brokerPid).orElse(null);
  }

  void started() {
    if (firstRequestMicros == 0) {
      firstRequestMicros = nowMicros();
      vertx.setTimer(Math.max(1, course.warmMillis()), timer -> open());
    }
    mostInFlight = Math.max(mostInFlight, ++inFlight);
  }

  /** Whether answers still come at once. */
  boolean isPrompt() {
    return verified < course.promptEvents();
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
    if (verified == course.warmEvents()) {
      open();
    }
    if (verified == course.events()) {
      close();
    }
  }

  private void open() {
    if (opened == null && closed == null) {
      opened = mark();
      vertx.setTimer(Math.max(1, course.measureMillis()), timer -> close());
    }
  }

  private void close() {
    if (closed == null) {
      closed = mark();
    }
  }

  private Mark mark() {
    return new Mark(
        nowMicros(), verified, requests, cpuNanos(contender), cpuNanos(self), cpuNanos(broker));
  }

  private static long cpuNanos(@Nullable ProcessHandle process) {
    return process == null ? 0 : process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  Standing standing() {
    return new Standing(verified, requests, odd, mostInFlight, firstRequestMicros, opened, closed);
  }
}
