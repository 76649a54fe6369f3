package io.offboarder.service;

import io.offboarder.cases.Cancellation;
import io.offboarder.cases.CaseEvent;
import io.offboarder.event.DecodeError;
import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Rescinded;
import io.offboarder.intake.InputRecord;
import io.offboarder.intake.Intake;
import io.offboarder.intake.Reading;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Item;
import io.offboarder.intake.Reading.Matched;
import io.offboarder.intake.Reading.Unmatched;
import io.offboarder.policy.Decision.Refuse;
import io.offboarder.policy.Decision.Schedule;
import io.offboarder.registry.SchemaRegistry;
import io.offboarder.registry.SchemaRegistry.AsJson;
import io.offboarder.registry.SchemaRegistry.Awaited;
import io.offboarder.registry.SchemaRegistry.Content;
import io.offboarder.registry.SchemaRegistry.Unreadable;
import io.offboarder.revocation.EventContext.Urgency;
import io.offboarder.revocation.EventLog;
import io.offboarder.revocation.NotedCase;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.OutcomeBuilder;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.stream.IncompleteRecord;
import io.offboarder.stream.RecordProcessor;
import io.offboarder.stream.RecordWork;
import io.offboarder.stream.Result;
import io.offboarder.stream.ResultWriter;
import io.offboarder.stream.WorkContext;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes work of a record. Decodes on the Kafka thread, because the engine must know whom a record
 * is about before it may start; revokes on the event loop.
 */
final class OffboardingProcessor implements RecordProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(OffboardingProcessor.class);

  private final EventDecoder decoder;
  private final Intake intake;
  private final Revoker revoker;
  private final Cases cases;
  private final CaseSteps steps;
  private final EventReport report;
  private final Privacy privacy;
  private final OutcomeRedactor logged;
  private final Clock clock;
  private final ServiceListener listener;
  private final EventTracing tracing;
  private final SignedEvents signatures;
  private final @Nullable SchemaRegistry registry;

  OffboardingProcessor(
      EventDecoder decoder,
      Intake intake,
      Revoker revoker,
      Cases cases,
      CaseSteps steps,
      EventReport report,
      Privacy privacy,
      Clock clock,
      ServiceListener listener,
      EventTracing tracing,
      SignedEvents signatures,
      @Nullable SchemaRegistry registry) {
    this.decoder = decoder;
    this.intake = intake;
    this.revoker = revoker;
    this.cases = cases;
    this.steps = steps;
    this.report = report;
    this.privacy = privacy;
    this.logged = report.logged();
    this.clock = clock;
    this.listener = listener;
    this.tracing = tracing;
    this.signatures = signatures;
    this.registry = registry;
  }

  @Override
  public RecordWork prepare(ConsumerRecord<byte[], byte[]> record) {
    RecordCoordinates coordinates = coordinates(record);
    return registry == null
        ? read(record, record.value(), coordinates)
        : readBySchema(registry, record, coordinates);
  }

  private RecordWork readBySchema(
      SchemaRegistry schemas,
      ConsumerRecord<byte[], byte[]> record,
      RecordCoordinates coordinates) {
    Content content = schemas.read(record.value());
    if (content instanceof Awaited awaited) {
      return new AwaitedWork(
          schemas, awaited.schema(), () -> readBySchema(schemas, record, coordinates));
    }
    return content instanceof Unreadable unreadable
        ? rejection(
            Rejected.unreadable(unreadable.schema(), unreadable.words()), record, coordinates)
        : read(record, ((AsJson) content).value(), coordinates);
  }

  /**
   * Reads a record.
   *
   * @param value the record's, as JSON
   */
  private RecordWork read(
      ConsumerRecord<byte[], byte[]> record,
      byte @Nullable [] value,
      RecordCoordinates coordinates) {
    return intake.isEmpty()
        ? work(decoder.decode(record.headers(), value), record, coordinates)
        : byRules(record, value, coordinates);
  }

  /** What the rules make of the record; an event in Offboarder's own form needs none. */
  private RecordWork byRules(
      ConsumerRecord<byte[], byte[]> record,
      byte @Nullable [] value,
      RecordCoordinates coordinates) {
    Reading reading = intake.read(InputRecord.of(record, value));
    if (reading instanceof Unmatched unmatched) {
      Decoded decoded = decoder.decode(record.headers(), value);
      return work(unmatched.describe(decoded), record, coordinates);
    }
    List<RecordWork> events = new ArrayList<>();
    for (Item item : ((Matched) reading).items()) {
      if (item instanceof Case one) {
        events.add(work(one.decoded(), record, coordinates.at(one.index())));
      } else {
        listener.ignored(item.rule());
      }
    }
    return new BatchWork(events, report.outcomeRecords()::joined);
  }

  private RecordWork work(
      Decoded decoded, ConsumerRecord<byte[], byte[]> record, RecordCoordinates coordinates) {
    return decoded instanceof Understood understood
        ? revocation(understood.event(), record, coordinates)
        : rejection((Rejected) decoded, record, coordinates);
  }

  @Override
  public RecordWork setAside(IncompleteRecord record) {
    return rejection(Rejected.tooLarge(record.reason()), record, coordinates(record));
  }

  private RecordCoordinates coordinates(ConsumerRecord<byte[], byte[]> record) {
    return new RecordCoordinates(
        record.topic(), record.partition(), record.offset(), record.timestamp(), clock.instant());
  }

  private RecordWork revocation(
      OffboardingEvent event,
      ConsumerRecord<byte[], byte[]> record,
      RecordCoordinates coordinates) {
    EventTrace trace = tracing.begin(event.type(), event.attributes().trace(), coordinates);
    EventLog log = logged.log(event, trace);
    return new Revoke(event, new ReceivedEvent(record, coordinates, event.type(), trace, log));
  }

  private RecordWork rejection(
      Rejected rejected, ConsumerRecord<byte[], byte[]> record, RecordCoordinates coordinates) {
    EventTrace trace = tracing.begin(null, rejected.attributes().trace(), coordinates);
    EventLog log = logged.log(rejected, trace);
    return new Reject(
        privacy.isAsked() ? rejected.withoutInput() : rejected,
        new ReceivedEvent(record, coordinates, null, trace, log));
  }

  /** An event that was understood. */
  private final class Revoke implements RecordWork {
    private final OffboardingEvent event;
    private final ReceivedEvent received;

    Revoke(OffboardingEvent event, ReceivedEvent received) {
      this.event = event;
      this.received = received;
    }

    /** A rescind does not wait for what it takes back. */
    @Override
    public @Nullable String subject() {
      return event instanceof Rescinded ? null : event.key();
    }

    @Override
    public Future<ResultWriter> start(WorkContext context) {
      if (!signatures.areRequired(received.record())) {
        return act(context);
      }
      return signatures
          .fault(received.record(), event)
          .compose(fault -> fault.map(this::refuse).orElseGet(() -> act(context)));
    }

    private Future<ResultWriter> refuse(DecodeError error) {
      OutcomeBuilder outcome =
          Outcome.of(event, received.coordinates()).decision(Revoker.rule(new Refuse(error)));
      return Future.succeededFuture(
          ended(outcome.error(error).build(Status.REJECTED, clock.instant())));
    }

    private Future<ResultWriter> act(WorkContext context) {
      return cases.known().compose(known -> waitsAlready() ? leave() : begin(context));
    }

    /**
     * Whether an earlier reading of this record has put the event among the cases, which ends it.
     * Offsets may have been reset since, or lost by Kafka (KAFKA-20734).
     */
    private boolean waitsAlready() {
      CaseEvent read = CaseSteps.about(event, received.coordinates());
      return cases
          .table()
          .find(read.caseId())
          .filter(one -> one.state().isToEnd() && one.event().equals(read))
          .isPresent();
    }

    private Future<ResultWriter> leave() {
      received.log().line(LOG, Level.INFO, "read again while its case waits, which will end it");
      return Future.succeededFuture(() -> Result.of(List.of()));
    }

    private Future<ResultWriter> begin(WorkContext context) {
      if (event instanceof Rescinded) {
        ProducerRecord<byte[], byte[]> waits = steps.rescind(event, received);
        return Future.succeededFuture(() -> Result.of(List.of(waits)));
      }
      return cases
          .table()
          .rescindOf(CaseSteps.about(event, received.coordinates()))
          .filter(rescind -> !hasBegun(context))
          .map(this::cancel)
          .orElseGet(() -> decide(context));
    }

    /** What an earlier attempt may have deleted has to be named: it is too late to cancel. */
    private boolean hasBegun(WorkContext context) {
      String caseId = received.coordinates().caseId();
      return NotedCase.isIn(context.earlierNotes(), caseId, 0, false);
    }

    private Future<ResultWriter> decide(WorkContext context) {
      return revoker
          .decide(event, received.firstArrived())
          .compose(
              verdict ->
                  verdict.decision() instanceof Schedule schedule
                      ? schedule(schedule)
                      : revoker
                          .apply(
                              verdict.decision(),
                              event,
                              received.context(context, verdict.untouched(), Urgency.NOW))
                          .map(this::ended));
    }

    private ResultWriter ended(Outcome outcome) {
      return report.of(outcome, received, steps.ended(event, received, outcome));
    }

    private Future<ResultWriter> schedule(Schedule decision) {
      return cases
          .table()
          .cancellationOf(CaseSteps.about(event, received.coordinates()))
          .map(this::cancel)
          .orElseGet(
              () ->
                  Future.succeededFuture(
                      report.of(
                          CaseOutcomes.scheduled(
                              event, received.coordinates(), decision, clock.instant()),
                          received,
                          List.of(steps.schedule(event, received, decision)))));
    }

    /** It has not waited; but who cancelled it may wait for its end. */
    private Future<ResultWriter> cancel(Cancellation cancellation) {
      RecordCoordinates coordinates = received.coordinates();
      Outcome outcome =
          CaseOutcomes.cancelled(event, coordinates, cancellation, null, clock.instant());
      return Future.succeededFuture(
          report.of(
              outcome,
              received,
              List.of(steps.cancelled(coordinates.caseId(), cancellation.by()))));
    }
  }

  /** A record that was not. */
  private final class Reject implements RecordWork {
    private final Rejected rejected;
    private final ReceivedEvent received;

    Reject(Rejected rejected, ReceivedEvent received) {
      this.rejected = rejected;
      this.received = received;
    }

    @Override
    public @Nullable String subject() {
      return null;
    }

    @Override
    public Future<ResultWriter> start(WorkContext context) {
      OutcomeBuilder outcome = Outcome.of(rejected, received.coordinates());
      Outcome ended =
          revoker
              .policy()
              .passOver(rejected)
              .map(skip -> revoker.skipped(outcome, skip))
              .orElseGet(
                  () -> outcome.error(rejected.error()).build(Status.REJECTED, clock.instant()));
      return Future.succeededFuture(report.of(ended, received, List.of()));
    }
  }
}
