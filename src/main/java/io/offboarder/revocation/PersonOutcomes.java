package io.offboarder.revocation;

import io.offboarder.event.Execution;
import io.offboarder.event.Subject;
import io.offboarder.event.UserTerminated;
import io.offboarder.revocation.AttemptNotes.HeldException;
import io.offboarder.revocation.AuthorizationTracker.Evidence;
import io.offboarder.revocation.NextStep.End;
import io.offboarder.revocation.Outcome.AppliedRule;
import io.offboarder.revocation.Outcome.Basis;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.Outcome.Verification;
import io.offboarder.webex.gate.Answer.Refused;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the revocation of one person's authorizations ended, and what its outcome says of it. */
final class PersonOutcomes {
  private static final Logger LOG = LoggerFactory.getLogger(PersonOutcomes.class);

  private final UserTerminated event;
  private final EventContext context;
  private final AuthorizationTracker tracker;
  private final UsageCount usage;
  private final Clock clock;

  PersonOutcomes(
      UserTerminated event,
      EventContext context,
      AuthorizationTracker tracker,
      UsageCount usage,
      Clock clock) {
    this.event = event;
    this.context = context;
    this.tracker = tracker;
    this.usage = usage;
    this.clock = clock;
  }

  /**
   * After a list that was refused.
   *
   * @param lastListAt when one came last; null for never
   */
  Outcome listRefused(Refused<?> refused, @Nullable Instant lastListAt) {
    Problem problem = Problem.of(refused.refusal());
    boolean unknown = refused.refusal().isNotFound();
    if (lastListAt == null) {
      if (unknown) {
        tracker.listed(List.of(), Sparing.NOTHING, refused.call().at());
      }
      return outcome(unknown ? Status.SUBJECT_NOT_FOUND : Status.FAILED, problem, null);
    }
    if (unknown && tracker.isAllDeleted()) {
      Instant at = refused.call().at();
      tracker.listed(List.of(), Sparing.NOTHING, at);
      return outcome(Status.REVOKED, null, new Verification(at, 0, 0, Basis.PERSON_UNKNOWN));
    }
    return outcome(
        partial(Evidence.NONE),
        new Problem(
            "not_verified",
            null,
            problem.httpStatus(),
            "the list that would prove it was refused: " + problem.message()),
        null);
  }

  /** After what ended the event without an answer. */
  Outcome ended(Throwable fault) {
    return fault instanceof HeldException held
        ? RevocationFlow.held(event, context, held, usage.total(), clock.instant())
        : faulty(fault);
  }

  private Outcome faulty(Throwable fault) {
    context.log().fault(LOG, fault);
    return outcome(partial(Evidence.NONE), Problem.internal(), null);
  }

  /** How an event ends that leaves something. */
  Status partial(Evidence evidence) {
    return tracker.anyGone(evidence) ? Status.PARTIALLY_REVOKED : Status.FAILED;
  }

  /** Ends with what the last list says. */
  Outcome of(End end, Instant lastListAt) {
    return outcome(
        end.status(),
        end.problem(),
        new Verification(lastListAt, tracker.live(), tracker.spared(), Basis.LIST));
  }

  private Outcome outcome(
      Status status, @Nullable Problem problem, @Nullable Verification verification) {
    Instant now = clock.instant();
    Evidence evidence = verification == null ? Evidence.NONE : Evidence.LAST_LIST;
    OutcomeBuilder outcome =
        Outcome.of(event, context.coordinates())
            .authorizations(tracker.results(evidence, now))
            .verification(verification)
            .error(problem)
            .api(usage.total());
    if (context.untouched().execution() == Execution.DRY_RUN) {
      outcome.decision(AppliedRule.DRY_RUN);
    }
    if (status == Status.SKIPPED && problem != null) {
      outcome.decision(new AppliedRule(problem.code(), problem.message()));
    }
    Subject.Person named = event.subject();
    if (status == Status.SUBJECT_NOT_FOUND
        && named.personId() != null
        && named.personEmail() != null) {
      outcome.note(
          "personEmail was there and was not asked for: ids and addresses change owners, so one"
              + " never stands in for the other");
    }
    return outcome.build(status, now);
  }
}
