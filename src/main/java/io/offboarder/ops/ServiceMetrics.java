package io.offboarder.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.event.EventType;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.service.ServiceListener;
import io.offboarder.service.ServiceSettings;
import io.offboarder.signature.SignatureFault.Kind;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what happens; each meter is looked up once and kept. The state at any moment is
 * shown by {@link ServiceGauges}. {@code docs/METRICS.md} says what each one means. Thread-safe.
 */
public final class ServiceMetrics implements ServiceListener {

  /** From what a person would call at once to what an objective might allow. */
  private static final List<Duration> TIME_TO_REVOKE =
      List.of(
          Duration.ofMillis(100),
          Duration.ofMillis(250),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofMillis(2_500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1));

  /** From what is promised where nothing else waits, to what somebody should know of. */
  private static final List<Duration> BEGUN_LATE =
      List.of(
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2));

  private record Ended(@Nullable EventType type, Status status) {}

  private record Answered(Operation operation, HttpStatus status) {}

  private final PrometheusMeterRegistry registry;
  private final KafkaClientMeters kafka;
  private final BrokerContact brokerContact = new BrokerContact(System::nanoTime);
  private final Map<Ended, Counter> events = new ConcurrentHashMap<>();
  private final Map<Ended, Counter> notFinal = new ConcurrentHashMap<>();
  private final Counter looksFailed;
  private final Map<Answered, Timer> requests = new ConcurrentHashMap<>();
  private final Map<Operation, Counter> retries = new EnumMap<>(Operation.class);
  private final Map<Result, Counter> authorizations = new EnumMap<>(Result.class);
  private final Map<End, Timer> transactions = new EnumMap<>(End.class);
  private final Map<Status, Counter> deadLetters = new EnumMap<>(Status.class);
  private final Map<Kind, Counter> refusedSignatures = new EnumMap<>(Kind.class);
  private final Map<String, Counter> ignored = new ConcurrentHashMap<>();
  private final Timer notes;
  private final Timer begunLate;
  private final Timer sinceArrival;
  private final Timer sinceEvent;

  /** Meters in this registry. */
  public ServiceMetrics(PrometheusMeterRegistry registry) {
    this.registry = registry;
    this.kafka = new KafkaClientMeters(registry);
    this.looksFailed =
        Counter.builder("offboarder.second.looks.failed")
            .description("Second looks after which access may remain")
            .register(registry);
    this.sinceArrival = timeToRevoke("arrival");
    this.sinceEvent = timeToRevoke("event");
    for (Operation operation : Operation.values()) {
      retries.put(
          operation,
          counter(
              "offboarder.api.retries",
              "Requests to the API that were not the first of their call",
              "operation",
              operation));
    }
    for (Result result : Result.values()) {
      authorizations.put(
          result,
          counter(
              "offboarder.authorizations",
              "What became of each authorization that was listed",
              "result",
              result));
    }
    notes =
        Timer.builder("offboarder.journal.notes")
            .description("From what is to be deleted to the journal's word that it is noted")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofSeconds(10))
            .register(registry);
    begunLate =
        Timer.builder("offboarder.cases.begun.late")
            .description("How long after its time work on each case began that had waited")
            .serviceLevelObjectives(BEGUN_LATE.toArray(Duration[]::new))
            .register(registry);
    for (End end : End.values()) {
      transactions.put(
          end,
          Timer.builder("offboarder.transactions")
              .description("Transactions with Kafka, by how they ended")
              .tag("end", word(end))
              .register(registry));
    }
    for (Kind kind : Kind.values()) {
      refusedSignatures.put(
          kind,
          counter(
              "offboarder.signatures.refused",
              "Events rejected because their topic asks for signatures",
              "reason",
              kind));
    }
    for (Status status : Status.values()) {
      for (EventType type : EventType.values()) {
        // From zero on: an alert on what increases does not see a counter that begins with one.
        Ended ended = new Ended(type, status);
        if (status.isFinal()) {
          events.put(ended, eventCounter(ended));
        } else {
          notFinal.put(ended, notFinalCounter(ended));
        }
      }
      if (ServiceSettings.USUAL_DEAD_LETTERS.contains(status)) {
        deadLetters.put(
            status,
            counter(
                "offboarder.dead.letters",
                "Input kept on the dead-letter topic",
                "status",
                status));
      }
    }
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Whether the brokers of the engine that reports here answer. */
  BrokerContact brokerContact() {
    return brokerContact;
  }

  private Timer timeToRevoke(String since) {
    return Timer.builder("offboarder.time.to.revoke")
        .description("How long access lasted for what ended as revoked or accepted")
        .tag("since", since)
        .serviceLevelObjectives(TIME_TO_REVOKE.toArray(Duration[]::new))
        .register(registry);
  }

  private Counter counter(String name, String description, String tag, Enum<?> value) {
    return Counter.builder(name).description(description).tag(tag, word(value)).register(registry);
  }

  @Override
  public void ended(@Nullable EventType type, Outcome outcome) {
    events.computeIfAbsent(new Ended(type, outcome.status()), this::eventCounter).increment();
    outcome.authorizations().forEach(one -> count(authorizations, one.result()));
    if (outcome.status() == Status.REVOKED || outcome.status() == Status.ACCEPTED) {
      record(sinceArrival, outcome.dueSince(), outcome.completedAt());
      record(sinceEvent, outcome.event().occurredAt(), outcome.completedAt());
    }
  }

  @Override
  public void told(EventType type, Outcome outcome) {
    notFinal.computeIfAbsent(new Ended(type, outcome.status()), this::notFinalCounter).increment();
    outcome.authorizations().forEach(one -> count(authorizations, one.result()));
    if (outcome.needsAttention()) {
      looksFailed.increment();
    }
  }

  private Counter notFinalCounter(Ended told) {
    EventType type = told.type();
    return Counter.builder("offboarder.outcomes.not.final")
        .description("Outcomes that end no event, by kind and status")
        .tag("type", type == null ? "unknown" : type.word())
        .tag("status", told.status().toString())
        .register(registry);
  }

  @Override
  public void signatureRefused(Kind kind) {
    count(refusedSignatures, kind);
  }

  @Override
  public void deadLettered(Status status) {
    count(deadLetters, status);
  }

  @Override
  public void ignored(String rule) {
    ignored
        .computeIfAbsent(
            rule,
            name ->
                Counter.builder("offboarder.intake.ignored")
                    .description("Records, and items of records, that a rule ignores")
                    .tag("rule", name)
                    .register(registry))
        .increment();
  }

  private static <K> void count(Map<K, Counter> counters, K key) {
    Counter counter = counters.get(key);
    if (counter != null) {
      counter.increment();
    }
  }

  private Counter eventCounter(Ended ended) {
    EventType type = ended.type();
    return Counter.builder("offboarder.events")
        .description("Events that ended, by kind and outcome")
        .tag("type", type == null ? "unknown" : type.word())
        .tag("status", ended.status().toString())
        .register(registry);
  }

  private static void record(Timer timer, @Nullable Instant from, Instant to) {
    if (from != null && !from.isAfter(to)) {
      timer.record(Duration.between(from, to));
    }
  }

  @Override
  public void attempted(Operation operation, HttpStatus status, int attempt, Duration took) {
    requests.computeIfAbsent(new Answered(operation, status), this::requestTimer).record(took);
    if (attempt > 1) {
      count(retries, operation);
    }
  }

  private Timer requestTimer(Answered answered) {
    return Timer.builder("offboarder.api.requests")
        .description("Requests to the API, by operation and HTTP status")
        .tag("operation", word(answered.operation()))
        .tag("status", answered.status().toString())
        .register(registry);
  }

  @Override
  public void opened(Client client, Supplier<Map<MetricName, ? extends Metric>> metrics) {
    kafka.opened(client, metrics);
    brokerContact.opened(client, metrics.get());
  }

  @Override
  public void beganAfterItsTime(Duration late) {
    begunLate.record(late);
  }

  @Override
  public void noted(Duration took) {
    notes.record(took);
  }

  @Override
  public void transactionEnded(End end, int records, Duration took) {
    Timer timer = transactions.get(end);
    if (timer != null) {
      timer.record(took);
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
