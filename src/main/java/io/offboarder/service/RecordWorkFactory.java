package io.offboarder.service;

import io.offboarder.cases.Cancellation;
import io.offboarder.cases.CaseEvent;
import io.offboarder.event.DecodeError;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Rescinded;
import io.offboarder.policy.Decision.Refuse;
import io.offboarder.policy.Decision.Schedule;
import io.offboarder.revocation.EventContext.Urgency;
import io.offboarder.revocation.NotedCase;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.OutcomeBuilder;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.stream.RecordWork;
import io.offboarder.stream.Result;
import io.offboarder.stream.ResultWriter;
import io.offboarder.stream.WorkContext;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes the work of a record that was read. It is done on the event loop: it ends with an outcome,
 * or puts the event among the cases that wait.
 */
final class RecordWorkFactory {
  private static final Logger LOG = LoggerFactory.getLogger(RecordWorkFactory.class);

  private final SignedEvents signatures;
  private final Cases cases;
  private final CaseSteps steps;
  private final Revoker revoker;
  private final EventReport report;
  private final Clock clock;

  RecordWorkFactory(
      SignedEvents signatures,
      Cases cases,
      CaseSteps steps,
      Revoker revoker,
      EventReport report,
      Clock clock) {
    this.signatures = signatures;
    this.cases = cases;
    this.steps = steps;
    this.revoker = revoker;
    this.report = report;
    this.clock = clock;
  }

  /** Of an event that was understood. */
  RecordWork of(OffboardingEvent event, ReceivedEvent received) {
    return new Revoke(event, received);
  }

  /** Of a record that was not. */
  RecordWork of(Rejected rejected, ReceivedEvent received) {
    return new Reject(rejected, received);
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
      CaseEvent read = CaseSteps.about(event, received.coordinates());
      return cases.known().compose(known -> waits(read) ? leave() : begin(read, context));
    }

    /**
     * Whether an earlier reading of this record has put the event among the cases, which ends it.
     * Offsets may have been reset since, or lost by Kafka (KAFKA-20734).
     */
    private boolean waits(CaseEvent read) {
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

    private Future<ResultWriter> begin(CaseEvent read, WorkContext context) {
      if (event instanceof Rescinded) {
        ProducerRecord<byte[], byte[]> waits = steps.rescind(event, received);
        return Future.succeededFuture(() -> Result.of(List.of(waits)));
      }
      return cases
          .table()
          .rescindOf(read)
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
