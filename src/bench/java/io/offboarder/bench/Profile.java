package io.offboarder.bench;

import static io.offboarder.bench.run.Contender.BARE_CLIENT;
import static io.offboarder.bench.run.Contender.BATCH_JOIN;
import static io.offboarder.bench.run.Contender.BLOCKING;
import static io.offboarder.bench.run.Contender.OFFBOARDER;
import static io.offboarder.bench.run.Contender.OFFBOARDER_UNJOURNALED;
import static io.offboarder.bench.run.Contender.PARALLEL_TRANSACTIONAL;
import static io.offboarder.bench.run.Contender.PARALLEL_VERTX;

import io.offboarder.bench.run.Contender;
import io.offboarder.bench.run.Scenario;
import io.offboarder.bench.run.Scenario.Kind;
import io.offboarder.bench.run.Subjects;
import io.offboarder.bench.work.Wire;
import java.time.Duration;
import java.util.List;

/** How much is run. */
enum Profile {
  /**
   * Offboarder and the bare client alone, in two minutes: whether something went badly wrong. Warm
   * enough to measure the program and not its compiler. Another round follows, and a third, only
   * while it looks as if something had.
   */
  GUARD(3, 40, 10),
  /** Half an hour. Warm: in its first minute a JVM on two cores mostly compiles. */
  SHORT(2, 45, 10),
  /** Hours. */
  LONG(5, 90, 20);

  private static final List<Contender> AND_UNJOURNALED = List.of(Contender.values());
  private static final List<Contender> ALL =
      AND_UNJOURNALED.stream().filter(one -> one != OFFBOARDER_UNJOURNALED).toList();
  private static final List<Contender> WITH_KAFKA =
      ALL.stream().filter(Contender::usesKafka).toList();
  private static final List<Contender> FAST =
      List.of(OFFBOARDER, OFFBOARDER_UNJOURNALED, BATCH_JOIN, PARALLEL_VERTX, BARE_CLIENT);
  private static final List<Contender> BY_WEB_CLIENT =
      List.of(OFFBOARDER, BATCH_JOIN, PARALLEL_VERTX, BARE_CLIENT);
  private static final Duration COLD_AT_MOST = Duration.ofMinutes(15);
  private static final int MANY = 100_000;

  /** More than anybody works off in warm-up and window against an API that answers at once. */
  private static final int PLENTY = 1_500_000;

  private static final int MILLION = 1_000_000;
  private static final int HEAP = 512;

  private final int rounds;
  private final Duration warm;
  private final Duration measure;

  Profile(int rounds, int warmSeconds, int measureSeconds) {
    this.rounds = rounds;
    this.warm = Duration.ofSeconds(warmSeconds);
    this.measure = Duration.ofSeconds(measureSeconds);
  }

  List<Scenario> scenarios() {
    return switch (this) {
      case GUARD -> List.of(backlog(Names.AT_0_MS, 0, PLENTY, List.of(OFFBOARDER, BARE_CLIENT)));
      case SHORT ->
          List.of(
              backlog(Names.AT_0_MS, 0, PLENTY, AND_UNJOURNALED),
              cold(Names.COLD_30_000_AT_0_MS, 0, 30_000),
              once(tls()),
              once(backlog(Names.AT_20_MS, 20, MANY, ALL)),
              once(longTail()),
              once(load(Names.LOAD_AT_20_MS, 20)),
              once(crash()));
      case LONG ->
          List.of(
              backlog(Names.AT_0_MS, 0, PLENTY, AND_UNJOURNALED),
              cold(Names.COLD_30_000_AT_0_MS, 0, 30_000),
              cold(Names.COLD_120_000_AT_0_MS, 0, 120_000),
              cold(Names.COLD_20_000_AT_20_MS, 20, 20_000),
              tls(),
              backlog(Names.AT_20_MS, 20, MANY, ALL),
              backlog(Names.AT_100_MS, 100, MANY, ALL),
              longTail(),
              hot(Names.HOT_AT_0_MS, 0),
              hot(Names.HOT_AT_20_MS, 20),
              fed(Names.BACKLOG_OF_A_THOUSAND, 1_000),
              fed(Names.BACKLOG_OF_A_HUNDRED_THOUSAND, 100_000),
              backlog(Names.BACKLOG_OF_A_MILLION, 0, MILLION, List.of(OFFBOARDER)),
              drained(),
              load(Names.LOAD_AT_0_MS, 0),
              load(Names.LOAD_AT_20_MS, 20),
              load(Names.LOAD_AT_100_MS, 100),
              crash());
    };
  }

  private Scenario backlog(String name, int latencyMillis, int events, List<Contender> contenders) {
    Duration latency = Duration.ofMillis(latencyMillis);
    return throughput(name, latency, latency, Subjects.DISTINCT, events, events, contenders);
  }

  /** What the real API speaks. */
  private Scenario tls() {
    return backlog(Names.AT_0_MS, 0, PLENTY, BY_WEB_CLIENT)
        .over(Wire.TLS_HTTP_2, Names.TLS_AT_0_MS);
  }

  /** So many events, all of them counted, in the time from the start of the process. */
  private Scenario cold(String name, int latencyMillis, int events) {
    Duration latency = Duration.ofMillis(latencyMillis);
    return new Scenario(
        name,
        Kind.THROUGHPUT,
        Wire.PLAIN,
        latency,
        latency,
        Subjects.DISTINCT,
        events,
        events,
        Duration.ZERO,
        COLD_AT_MOST,
        rounds,
        HEAP,
        FAST);
  }

  private Scenario longTail() {
    return throughput(
        Names.LONG_TAIL,
        Duration.ofMillis(20),
        Duration.ofMillis(400),
        Subjects.DISTINCT,
        MANY,
        MANY,
        ALL.stream().filter(one -> one != BLOCKING).toList());
  }

  private Scenario hot(String name, int latencyMillis) {
    Duration latency = Duration.ofMillis(latencyMillis);
    int events = latencyMillis == 0 ? PLENTY : MANY;
    return throughput(name, latency, latency, Subjects.HOT, events, events, WITH_KAFKA);
  }

  /** So many wait at any time, because as many are published as are worked off. */
  private Scenario fed(String name, int waiting) {
    return throughput(
        name,
        Duration.ZERO,
        Duration.ZERO,
        Subjects.DISTINCT,
        MILLION,
        waiting,
        List.of(OFFBOARDER));
  }

  private Scenario throughput(
      String name,
      Duration latency,
      Duration p99,
      Subjects subjects,
      int events,
      int waiting,
      List<Contender> contenders) {
    return new Scenario(
        name,
        Kind.THROUGHPUT,
        Wire.PLAIN,
        latency,
        p99,
        subjects,
        events,
        waiting,
        warm,
        measure,
        rounds,
        HEAP,
        contenders);
  }

  /** A million events to the last one, in a small heap. */
  private Scenario drained() {
    return new Scenario(
        Names.MILLION_IN_SMALL_HEAP,
        Kind.THROUGHPUT,
        Wire.PLAIN,
        Duration.ZERO,
        Duration.ZERO,
        Subjects.DISTINCT,
        MILLION,
        MILLION,
        warm,
        Duration.ofHours(1),
        1,
        128,
        List.of(OFFBOARDER));
  }

  private Scenario load(String name, int latencyMillis) {
    Duration latency = Duration.ofMillis(latencyMillis);
    return new Scenario(
        name,
        Kind.LATENCY,
        Wire.PLAIN,
        latency,
        latency,
        Subjects.DISTINCT,
        latencyMillis == 0 ? PLENTY : MANY,
        latencyMillis == 0 ? PLENTY : MANY,
        warm.multipliedBy(2),
        measure.multipliedBy(2),
        rounds,
        HEAP,
        List.of(
            OFFBOARDER,
            OFFBOARDER_UNJOURNALED,
            BATCH_JOIN,
            PARALLEL_VERTX,
            PARALLEL_TRANSACTIONAL));
  }

  private Scenario crash() {
    Duration latency = Duration.ofMillis(2);
    return new Scenario(
        Names.CRASH,
        Kind.CRASH,
        Wire.PLAIN,
        latency,
        latency,
        Subjects.DISTINCT,
        3_000,
        3_000,
        Duration.ZERO,
        Duration.ofMinutes(2),
        rounds,
        HEAP,
        WITH_KAFKA);
  }

  private static Scenario once(Scenario scenario) {
    return scenario.withRounds(1);
  }
}
