package io.offboarder.service;

import io.offboarder.cases.CaseEnd;
import io.offboarder.cases.CaseEvent;
import io.offboarder.cases.CaseRecord;
import io.offboarder.cases.CaseRecord.StoredRecord;
import io.offboarder.cases.CaseState;
import io.offboarder.cases.PersonsWord;
import io.offboarder.cases.WaitingCase;
import io.offboarder.cases.WaitingCase.Done;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.UserTerminated;
import io.offboarder.policy.Decision.Schedule;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.RecordCoordinates;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a case from one wait to the next and to its end, as records of the cases' topic.
 *
 * @param secondLooks how long after an end as revoked; empty for never
 */
record CaseSteps(CaseRecordFactory records, List<Duration> secondLooks, Clock clock) {
  /**
   * A schedule and its rescind may come on different partitions: this long a rescind waits for what
   * is on its way before it says that there is nothing.
   */
  static final Duration SETTLING = Duration.ofSeconds(5);

  /** A record with a thousand events would be kept a thousand times. */
  static final int LARGEST_SHARED = 16 * 1024;

  /** For how long after a rescind an event that happened before it is still cancelled. */
  static final Duration RESCINDS_KEPT = Duration.ofDays(30);

  /** The event of a record, as far as other cases are about the same. */
  static CaseEvent about(OffboardingEvent event, RecordCoordinates at) {
    return CaseEvent.of(
        at.caseId(),
        event,
        new CaseEvent.Input(at.topic(), at.partition(), at.offset(), at.arrivedAt(), at.index()));
  }

  /** It is to be done later. */
  ProducerRecord<byte[], byte[]> schedule(
      OffboardingEvent event, ReceivedEvent received, Schedule decision) {
    return waits(event, received, CaseState.SCHEDULED, decision.due(), decision.reason());
  }

  /** A rescind meets what it takes back. */
  ProducerRecord<byte[], byte[]> rescind(OffboardingEvent event, ReceivedEvent received) {
    return waits(
        event,
        received,
        CaseState.RESCIND,
        clock.instant().plus(SETTLING),
        "waits for the end of what it takes back");
  }

  /** An event that has just come waits for a person. */
  ProducerRecord<byte[], byte[]> hold(
      OffboardingEvent event, ReceivedEvent received, Outcome held) {
    return waits(event, received, CaseState.HELD, held.completedAt(), held.decision().reason());
  }

  /** A case that has waited for its time waits for a person now. */
  ProducerRecord<byte[], byte[]> hold(CaseRecord record, Outcome held) {
    return next(record, CaseState.HELD, held.decision().reason());
  }

  /** A person has released a case; that is written down before anything of it is done. */
  ProducerRecord<byte[], byte[]> release(CaseRecord record, PersonsWord word) {
    return next(
        record,
        CaseState.RELEASED,
        "released by " + word.by() + ": " + word.reason() + " (command " + word.command() + ")");
  }

  /** A person has said that a case is not done. */
  ProducerRecord<byte[], byte[]> discard(String caseId) {
    return ended(caseId, Status.DISCARDED.toString(), null);
  }

  private ProducerRecord<byte[], byte[]> next(CaseRecord record, CaseState state, String why) {
    Instant now = clock.instant();
    return records.waits(
        record.with(new WaitingCase(record.waiting().event(), state, now, now, why, null)));
  }

  private ProducerRecord<byte[], byte[]> waits(
      OffboardingEvent event, ReceivedEvent received, CaseState state, Instant due, String why) {
    WaitingCase waiting =
        new WaitingCase(
            about(event, received.coordinates()), state, due, clock.instant(), why, null);
    return records.waits(new CaseRecord(waiting, event, stored(received)));
  }

  private static StoredRecord stored(ReceivedEvent received) {
    ConsumerRecord<byte[], byte[]> record = received.record();
    byte[] value = record.value();
    Headers headers = record.headers();
    if (received.coordinates().index() != RecordCoordinates.ALONE
        && value != null
        && value.length > LARGEST_SHARED) {
      headers = new RecordHeaders(headers.toArray());
      DeadLetterHeaders.add(headers, "value-dropped", value.length + " bytes");
      value = null;
    }
    return new StoredRecord(
        record.timestamp(), received.coordinates().receivedAt(), record.key(), value, headers);
  }

  /** An event that did not wait has ended: perhaps somebody looks again. */
  List<ProducerRecord<byte[], byte[]>> ended(
      OffboardingEvent event, ReceivedEvent received, Outcome outcome) {
    if (outcome.status() == Status.HELD) {
      return List.of(hold(event, received, outcome));
    }
    return isLookedAtAgain(event, outcome)
        ? List.of(
            records.waits(
                new CaseRecord(
                    lookAgain(
                        about(event, received.coordinates()),
                        new Done(outcome.status().toString(), outcome.completedAt(), 1)),
                    event,
                    stored(received))))
        : List.of();
  }

  /** A case that waited for its time has ended. */
  ProducerRecord<byte[], byte[]> ended(CaseRecord record, Outcome outcome) {
    WaitingCase waiting = record.waiting();
    String status = outcome.status().toString();
    if (outcome.status() == Status.HELD) {
      return hold(record, outcome);
    }
    return isLookedAtAgain(record.event(), outcome)
        ? records.waits(
            record.with(lookAgain(waiting.event(), new Done(status, outcome.completedAt(), 1))))
        : ended(waiting.caseId(), status, null);
  }

  private boolean isLookedAtAgain(OffboardingEvent event, Outcome outcome) {
    return event instanceof UserTerminated
        && outcome.status() == Status.REVOKED
        && !secondLooks.isEmpty();
  }

  /** A look was taken: there is another one, or none. */
  ProducerRecord<byte[], byte[]> looked(CaseRecord record, Done done) {
    WaitingCase waiting = record.waiting();
    return done.look() < secondLooks.size()
        ? records.waits(
            record.with(
                lookAgain(waiting.event(), new Done(done.status(), done.at(), done.look() + 1))))
        : ended(waiting.caseId(), done.status(), null);
  }

  private WaitingCase lookAgain(CaseEvent event, Done done) {
    Duration after = secondLooks.get(done.look() - 1);
    return new WaitingCase(
        event,
        CaseState.RELOOK,
        done.at().plus(after),
        clock.instant(),
        "second look, " + after + " after the end",
        done);
  }

  /** A case was cancelled, whether it had waited or just came. */
  ProducerRecord<byte[], byte[]> cancelled(String caseId, String by) {
    return ended(caseId, Status.CANCELLED.toString(), by);
  }

  /** A case that is done is not looked at again. */
  ProducerRecord<byte[], byte[]> calledOff(String caseId, Done done, String by) {
    return records.ended(caseId, new CaseEnd(done.status(), by, done.at()));
  }

  private ProducerRecord<byte[], byte[]> ended(String caseId, String status, @Nullable String by) {
    return records.ended(caseId, new CaseEnd(status, by, clock.instant()));
  }

  /** A rescind has ended, and is kept for what may still arrive. */
  ProducerRecord<byte[], byte[]> keep(CaseRecord record) {
    CaseEvent event = record.waiting().event();
    return records.waits(
        record.with(
            new WaitingCase(
                event,
                CaseState.RESCIND_KEPT,
                event.input().arrivedAt().plus(RESCINDS_KEPT),
                clock.instant(),
                "cancels what arrives and happened before",
                null)));
  }

  /** A rescind is kept no longer. */
  ProducerRecord<byte[], byte[]> drop(String caseId) {
    return records.dropped(caseId);
  }
}
