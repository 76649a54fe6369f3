package io.offboarder.service;

import io.offboarder.event.Execution;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.policy.ActionPolicy;
import io.offboarder.policy.Decision;
import io.offboarder.policy.Decision.Hold;
import io.offboarder.policy.Decision.Refuse;
import io.offboarder.policy.Decision.Skip;
import io.offboarder.protection.Untouched;
import io.offboarder.revocation.EventContext;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.AppliedRule;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.OutcomeBuilder;
import io.offboarder.revocation.RevocationFlow;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;

/** Decides about an event and does what was decided. Confined to the event loop. */
record Revoker(ActionPolicy policy, Safeguards safeguards, RevocationFlow flow, Clock clock) {

  /** A decision, and who and what it leaves alone. */
  record Verdict(Decision decision, Untouched untouched) {}

  /**
   * The decision about an event that has just come.
   *
   * @param arrivedAt when it reached Kafka
   */
  Future<Verdict> decide(OffboardingEvent event, Instant arrivedAt) {
    return safeguards
        .of(event)
        .map(untouched -> new Verdict(policy.decide(event, clock.instant(), untouched), untouched))
        .map(verdict -> unlessHeld(verdict, event, arrivedAt));
  }

  /**
   * The decision about an event that has waited for its time.
   *
   * @param arrivedAt when it reached Kafka
   */
  Future<Verdict> decideWhenDue(OffboardingEvent event, Instant arrivedAt) {
    return decideOnceReleased(event).map(verdict -> unlessHeld(verdict, event, arrivedAt));
  }

  /** What only asks deletes nothing that a person had to look at first. */
  private Verdict unlessHeld(Verdict verdict, OffboardingEvent event, Instant arrivedAt) {
    return verdict.untouched().execution() == Execution.DRY_RUN
        ? verdict
        : new Verdict(
            policy.unlessHeld(verdict.decision(), event, clock.instant(), arrivedAt),
            verdict.untouched());
  }

  /** The decision about an event that a person has released, or that is looked at again. */
  Future<Verdict> decideOnceReleased(OffboardingEvent event) {
    return safeguards
        .of(event)
        .map(untouched -> new Verdict(policy.decideWhenDue(event, untouched), untouched));
  }

  /** Does what was decided, unless that is to wait. */
  Future<Outcome> apply(Decision decision, OffboardingEvent event, EventContext context) {
    OutcomeBuilder outcome = Outcome.of(event, context.coordinates()).decision(rule(decision));
    if (decision instanceof Refuse refuse) {
      return Future.succeededFuture(
          outcome.error(refuse.error()).build(Status.REJECTED, clock.instant()));
    }
    if (decision instanceof Hold) {
      return Future.succeededFuture(outcome.build(Status.HELD, clock.instant()));
    }
    return decision instanceof Skip skip
        ? Future.succeededFuture(skipped(outcome, skip))
        : flow.revoke(event, context);
  }

  /** The outcome of an event about which nothing is done. */
  Outcome skipped(OutcomeBuilder outcome, Skip skip) {
    return outcome
        .decision(rule(skip))
        .error(Problem.of(skip.code(), skip.reason()))
        .build(Status.SKIPPED, clock.instant());
  }

  static AppliedRule rule(Decision decision) {
    return new AppliedRule(decision.code(), decision.reason());
  }
}
