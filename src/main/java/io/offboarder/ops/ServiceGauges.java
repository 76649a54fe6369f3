package io.offboarder.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.offboarder.cases.CaseState;
import io.offboarder.protection.ProtectedFile;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.stream.PartitionStatus;
import io.offboarder.stream.StreamStatus;
import io.offboarder.webex.gate.GateStatus;
import io.offboarder.webex.gate.GateStatus.State;
import io.offboarder.webex.gate.GateStatus.Unanswered;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Shows what a service is doing at the moment it is asked. Thread-safe. */
final class ServiceGauges {
  private final OffboardingVerticle service;
  private final MeterRegistry registry;
  private final MultiGauge oldest;
  private final MultiGauge span;
  private final MultiGauge lag;
  private final MultiGauge backlog;
  private final MultiGauge oldestAge;
  private final MultiGauge waiting;
  private final MultiGauge crowded;
  private final MultiGauge hidden;

  ServiceGauges(OffboardingVerticle service, BrokerContact kafka, MeterRegistry registry) {
    this.service = service;
    this.registry = registry;
    this.oldest =
        perPartition(
            "offboarder.partition.oldest.unfinished.seconds",
            "For how long a partition's oldest unfinished record has been that");
    this.span =
        perPartition(
            "offboarder.partition.span",
            "Records that a partition has run ahead of its oldest unfinished one");
    this.lag =
        perPartition(
            "offboarder.partition.lag", "Records of a partition in Kafka and not yet read");
    this.backlog =
        perPartition(
            "offboarder.partition.backlog",
            "Records of a partition without a committed outcome, in Kafka and here");
    this.waiting =
        perPartition(
            "offboarder.partition.waiting",
            "Records of a partition that wait for an earlier one of their subject");
    this.hidden =
        perPartition(
            "offboarder.partition.hidden.seconds",
            "For how long another producer's open transaction has hidden a partition's records");
    this.crowded =
        perPartition(
            "offboarder.partition.crowded.seconds",
            "For how long a partition has had no room for its next record");
    this.oldestAge =
        perPartition(
            "offboarder.partition.oldest.age.seconds",
            "Since Kafka took in a partition's oldest record without a committed outcome");
    gauge(
        "offboarder.ready",
        "1 while nothing keeps this instance from revoking",
        () -> Readiness.isReady(service.status(), kafka.problem()) ? 1 : 0);
    Gauge.builder("offboarder.group", () -> 1)
        .description("1; the label says which consumer group the instance belongs to")
        .tag("group", service.group())
        .register(registry);
    gauge(
        "offboarder.schemas.awaited",
        "1 while records wait because the schema registry does not answer",
        () -> service.status().schemasAwaited() ? 1 : 0);
    gauge(
        "offboarder.kafka.silence.seconds",
        "Since a broker last answered",
        () -> kafka.silence().toMillis() / 1000.0);
    stream(
        "offboarder.journal.failing.seconds",
        "For how long the journal could not be written, or not be read",
        status -> status.journalFailingFor().toMillis() / 1000.0);
    gauge(
        "offboarder.credentials.expire.seconds",
        "Until the credential expires that nobody renews",
        this::secondsToExpiry);
    stream(
        "offboarder.records.in.flight",
        "Records read and without a committed outcome",
        StreamStatus::recordsInFlight);
    stream(
        "offboarder.partitions",
        "Partitions assigned to this instance",
        status -> status.partitions().size());
    api(
        "offboarder.api.requests.in.flight",
        "Requests sent and not yet answered",
        status -> status.load().inFlight());
    api(
        "offboarder.api.requests.waiting",
        "Requests called for and not in flight",
        status -> status.load().waiting());
    api(
        "offboarder.api.concurrency.limit",
        "Requests that may be in flight now",
        status -> status.load().limit());
    api(
        "offboarder.api.pace",
        "Requests per second that the learned quota allows",
        status -> status.load().requestsPerSecond());
    unanswered(
        "offboarder.api.oldest.request.seconds",
        "Since the request was sent that has waited longest for the API's answer",
        Unanswered::oldest);
    unanswered(
        "offboarder.api.silence.seconds",
        "For how long the API has answered nothing while requests wait for it",
        Unanswered::since);
    gauge(
        "offboarder.events.waiting.for.memory",
        "Events that wait because all together hold as many authorizations as they may",
        () -> service.status().eventsWaitingForMemory());
    gauge(
        "offboarder.paused",
        "1 while a person has paused the group",
        () -> service.status().pause() == null ? 0 : 1);
    gauge(
        "offboarder.guard.tripped",
        "Bounds of the guard that have tripped and wait for a person to reset them",
        () -> service.status().guard().trips().size());
    gauge(
        "offboarder.protected.file.broken",
        "1 while the protected file as it is now is not in force, but the last good one is",
        () -> fromProtectedFile(file -> file.problem() == null ? 0 : 1));
    gauge(
        "offboarder.protected.persons",
        "Entries for persons on the protected list in force",
        () -> fromProtectedFile(file -> file.list().persons()));
    gauge(
        "offboarder.protected.clients",
        "Entries for clients on the protected list in force",
        () -> fromProtectedFile(file -> file.list().clients()));
    gauge(
        "offboarder.dry.run",
        "1 while policy.mode keeps this instance from revoking anything",
        () -> service.isDryRun() ? 1 : 0);
    for (CaseState state : CaseState.values()) {
      Gauge.builder(
              "offboarder.cases.waiting",
              () -> service.status().cases().waiting().getOrDefault(state, 0))
          .description("Cases that wait, by why they do; every instance counts all of them")
          .tag("state", state.toString())
          .register(registry);
    }
    gauge(
        "offboarder.cases.due",
        "Cases of this instance that are due and were not begun",
        () -> service.status().cases().due());
    gauge(
        "offboarder.cases.overdue.seconds",
        "For how long the oldest case of this instance has been due and was not begun",
        () -> service.status().cases().overdue().toMillis() / 1000.0);
    gauge(
        "offboarder.cases.held.seconds",
        "For how long the oldest case that is held has waited for a person",
        () -> service.status().cases().held().toMillis() / 1000.0);
    gauge(
        "offboarder.cases.without.owner",
        "Cases that came from topics which this service does not read",
        () -> service.status().cases().withoutOwner());
    gauge(
        "offboarder.cases.behind.seconds",
        "Since this instance last knew all cases that lay on their topic",
        () -> service.status().cases().behind().toMillis() / 1000.0);
    FunctionCounter.builder(
            "offboarder.cases.unreadable",
            service,
            counted -> counted.status().cases().unreadable())
        .description("Records of the cases' topic that were passed over because they are no cases")
        .register(registry);
    for (State state : State.values()) {
      Gauge.builder("offboarder.api.state", () -> isIn(state))
          .description("1 for what holds requests back at the moment")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private MultiGauge perPartition(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** Brings up to date what has one row for each partition; to be called before each scrape. */
  void update() {
    StreamStatus status = service.status().stream();
    List<PartitionStatus> partitions = status == null ? List.of() : status.partitions();
    rows(oldest, partitions, one -> one.oldestWaits().toMillis() / 1000.0);
    rows(span, partitions, PartitionStatus::span);
    rows(lag, partitions.stream().filter(one -> one.lag() >= 0).toList(), PartitionStatus::lag);
    rows(waiting, partitions, PartitionStatus::waiting);
    rows(hidden, partitions, one -> one.hiddenFor().toMillis() / 1000.0);
    rows(crowded, partitions, one -> one.crowdedFor().toMillis() / 1000.0);
    rows(backlog, partitions, PartitionStatus::backlog);
    Instant now = Instant.now();
    rows(oldestAge, partitions, one -> one.oldestAge(now).toMillis() / 1000.0);
  }

  private static void rows(
      MultiGauge gauge, List<PartitionStatus> partitions, ToDoubleFunction<PartitionStatus> value) {
    gauge.register(
        partitions.stream()
            .map(
                one ->
                    Row.of(
                        Tags.of("topic", one.topic(), "partition", "" + one.partition()),
                        value.applyAsDouble(one)))
            .toList(),
        true);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).strongReference(true).register(registry);
  }

  private void stream(String name, String description, ToDoubleFunction<StreamStatus> value) {
    gauge(
        name,
        description,
        () -> {
          StreamStatus status = service.status().stream();
          return status == null ? 0 : value.applyAsDouble(status);
        });
  }

  private void api(String name, String description, ToDoubleFunction<GateStatus> value) {
    gauge(
        name,
        description,
        () -> {
          GateStatus status = service.status().gate();
          return status == null ? 0 : value.applyAsDouble(status);
        });
  }

  private void unanswered(String name, String description, Function<Unanswered, Instant> since) {
    gauge(
        name,
        description,
        () -> {
          GateStatus status = service.status().gate();
          Unanswered waiting = status == null ? null : status.unanswered();
          return waiting == null
              ? 0
              : Math.max(0, Duration.between(since.apply(waiting), Instant.now()).toMillis())
                  / 1000.0;
        });
  }

  private double fromProtectedFile(ToDoubleFunction<ProtectedFile> value) {
    ProtectedFile file = service.status().protectedFile();
    return file == null ? 0 : value.applyAsDouble(file);
  }

  private double isIn(State state) {
    GateStatus status = service.status().gate();
    return status != null && status.state() == state ? 1 : 0;
  }

  private double secondsToExpiry() {
    Instant expires = service.status().credentialsExpire();
    return expires == null
        ? Double.NaN
        : Duration.between(Instant.now(), expires).toMillis() / 1000.0;
  }
}
