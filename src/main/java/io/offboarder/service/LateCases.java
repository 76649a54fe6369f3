package io.offboarder.service;

import io.offboarder.cases.CaseRecord;
import io.offboarder.cases.CaseState;
import io.offboarder.cases.CaseTable;
import io.offboarder.cases.NextAct;
import io.offboarder.cases.NextAct.Cancel;
import io.offboarder.cases.NextAct.Conclude;
import io.offboarder.cases.NextAct.Drop;
import io.offboarder.cases.NextAct.Obey;
import io.offboarder.cases.NextAct.Perform;
import io.offboarder.cases.PersonsWord;
import io.offboarder.cases.WaitingCase;
import io.offboarder.cases.WaitingCase.Done;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.revocation.EventContext.Urgency;
import io.offboarder.revocation.NotedCase;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.service.Revoker.Verdict;
import io.offboarder.stream.LateWork;
import io.offboarder.stream.Result;
import io.offboarder.stream.ResultWriter;
import io.offboarder.stream.WorkContext;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Makes work of cases whose turn it is. What is to be done is asked of the table when the work
 * starts, and not when it was offered: it may have been cancelled meanwhile.
 *
 * @param timer completes when this long has passed
 * @param begun told of each case that starts
 */
record LateCases(
    CaseTable table,
    CaseRecords records,
    CaseSteps steps,
    Revoker revoker,
    EventReport report,
    EventTracing tracing,
    Clock clock,
    Function<Duration, Future<?>> timer,
    Consumer<String> begun) {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  /** The work of a case. */
  LateWork of(WaitingCase waiting) {
    return new Late(waiting);
  }

  private final class Late implements LateWork {
    private final WaitingCase waiting;

    Late(WaitingCase waiting) {
      this.waiting = waiting;
    }

    @Override
    public TopicPartition partition() {
      return new TopicPartition(
          waiting.event().input().topic(), waiting.event().input().partition());
    }

    @Override
    public long offset() {
      return waiting.event().input().offset();
    }

    /** A rescind waits for others and keeps none waiting. */
    @Override
    public @Nullable String subject() {
      return waiting.state().isRescind() ? null : waiting.event().subject().key();
    }

    @Override
    public Future<ResultWriter> start(WorkContext context) {
      begun.accept(waiting.caseId());
      Optional<NextAct> next = table.next(waiting.caseId(), clock.instant());
      if (next.isEmpty()) {
        return Future.succeededFuture(() -> Result.of(List.of()));
      }
      if (next.get() instanceof Drop) {
        return Future.succeededFuture(() -> Result.of(List.of(steps.drop(waiting.caseId()))));
      }
      return isItsTurn(next.get())
          ? records.with(waiting.caseId(), record -> act(record, context))
          : later(context);
    }

    /** It may have been cancelled, or have ended, while its record was read. */
    private Future<ResultWriter> act(CaseRecord record, WorkContext context) {
      Optional<NextAct> next = table.next(waiting.caseId(), clock.instant());
      if (next.isEmpty()) {
        return Future.succeededFuture(() -> Result.of(List.of()));
      }
      Done done = waiting.done();
      if (next.get() instanceof Cancel && hasBegun(context)) {
        return perform(record, context);
      }
      if (next.get() instanceof Cancel cancel && done != null) {
        String by = cancel.cancellation().by();
        return Future.succeededFuture(
            () -> Result.of(List.of(steps.calledOff(waiting.caseId(), done, by))));
      }
      if (next.get() instanceof Cancel cancel) {
        return Future.succeededFuture(cancelled(record, cancel));
      }
      if (next.get() instanceof Obey obey) {
        return Future.succeededFuture(obeyed(record, obey.word()));
      }
      if (next.get() instanceof Conclude) {
        return Future.succeededFuture(concluded(record));
      }
      return next.get() instanceof Perform
          ? perform(record, context)
          : Future.failedFuture("its turn is over");
    }

    private static boolean isItsTurn(NextAct next) {
      return next instanceof Cancel
          || next instanceof Obey
          || next instanceof Conclude
          || next instanceof Perform;
    }

    /** What an earlier attempt may have deleted has to be named: it is too late to cancel. */
    private boolean hasBegun(WorkContext context) {
      Done done = waiting.done();
      return NotedCase.isIn(
          context.earlierNotes(),
          waiting.caseId(),
          done == null ? 0 : done.look(),
          waiting.state() == CaseState.RELEASED);
    }

    /** Its turn has not come after all: a clock was put back, or something came meanwhile. */
    private Future<ResultWriter> later(WorkContext context) {
      return timer
          .apply(LOOK_AGAIN)
          .compose(
              passed ->
                  context.isWanted() ? start(context) : Future.failedFuture("no longer wanted"));
    }

    private ResultWriter cancelled(CaseRecord record, Cancel cancel) {
      ReceivedEvent received = received(record);
      Outcome outcome =
          CaseOutcomes.cancelled(
              record.event(),
              received.coordinates(),
              cancel.cancellation(),
              waiting.due(),
              clock.instant());
      return report.of(
          outcome,
          received,
          List.of(steps.cancelled(waiting.caseId(), cancel.cancellation().by())));
    }

    private ResultWriter obeyed(CaseRecord record, PersonsWord word) {
      if (word.release()) {
        return () -> Result.of(List.of(steps.release(record, word)));
      }
      ReceivedEvent received = received(record);
      Outcome outcome =
          CaseOutcomes.discarded(record.event(), received.coordinates(), word, clock.instant());
      return report.of(outcome, received, List.of(steps.discard(waiting.caseId())));
    }

    private ResultWriter concluded(CaseRecord record) {
      ReceivedEvent received = received(record);
      Outcome outcome =
          CaseOutcomes.rescind(record.event(), received.coordinates(), table, clock.instant());
      return report.of(outcome, received, List.of(steps.keep(record)));
    }

    private Future<ResultWriter> perform(CaseRecord record, WorkContext context) {
      OffboardingEvent event = record.event();
      ReceivedEvent received = received(record);
      Done before = record.waiting().done();
      boolean released = record.waiting().state() == CaseState.RELEASED;
      return decision(record, received)
          .compose(
              verdict ->
                  revoker.apply(
                      verdict.decision(),
                      event,
                      received.context(
                          context,
                          verdict.untouched(),
                          before == null ? Urgency.SCHEDULED : Urgency.SECOND_LOOK,
                          before == null ? 0 : before.look(),
                          released)))
          .map(outcome -> performed(outcome, record, received));
    }

    /** What was done before, or was released, does not wait for a person again. */
    private Future<Verdict> decision(CaseRecord record, ReceivedEvent received) {
      return record.waiting().state() == CaseState.SCHEDULED
          ? revoker.decideWhenDue(record.event(), received.firstArrived())
          : revoker.decideOnceReleased(record.event());
    }

    private ResultWriter performed(Outcome outcome, CaseRecord record, ReceivedEvent received) {
      WaitingCase done = record.waiting();
      Done before = done.done();
      if (done.state() == CaseState.RELOOK && before != null) {
        return report.of(
            outcome.foundBy(before.look(), done.due()),
            received,
            List.of(steps.looked(record, before)));
      }
      Outcome due = outcome.dueAt(done.due());
      if (done.state() == CaseState.RELEASED) {
        due = due.noting(done.why());
      }
      ProducerRecord<byte[], byte[]> ended = steps.ended(record, due);
      return report.of(due, received, List.of(ended));
    }
  }

  /** As it was when its record was taken in. */
  private ReceivedEvent received(CaseRecord record) {
    var at = record.waiting().event().input();
    var input = record.input();
    RecordCoordinates coordinates =
        new RecordCoordinates(
            at.topic(),
            at.partition(),
            at.offset(),
            input.timestamp(),
            input.receivedAt(),
            at.index());
    byte[] key = input.key();
    byte[] value = input.value();
    ConsumerRecord<byte[], byte[]> came =
        new ConsumerRecord<>(
            at.topic(),
            at.partition(),
            at.offset(),
            input.timestamp(),
            TimestampType.CREATE_TIME,
            key == null ? ConsumerRecord.NULL_SIZE : key.length,
            value == null ? ConsumerRecord.NULL_SIZE : value.length,
            key,
            value,
            input.headers(),
            Optional.empty());
    OffboardingEvent event = record.event();
    EventTrace trace = tracing.begin(event.type(), event.attributes().trace(), coordinates);
    return new ReceivedEvent(
        came, coordinates, event.type(), trace, report.logged().log(event, trace));
  }
}
