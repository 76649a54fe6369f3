package io.offboarder.service;

import io.offboarder.cases.Cancellation;
import io.offboarder.cases.Cancellation.Cause;
import io.offboarder.cases.CaseTable;
import io.offboarder.cases.CaseTable.EndedCase;
import io.offboarder.cases.EndedCases;
import io.offboarder.cases.PersonsWord;
import io.offboarder.cases.WaitingCase;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.policy.Decision.Schedule;
import io.offboarder.revocation.CaseProgress;
import io.offboarder.revocation.CaseProgress.RelatedCase;
import io.offboarder.revocation.CaseProgress.Relation;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.AppliedRule;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.OutcomeBuilder;
import io.offboarder.revocation.RecordCoordinates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcomes of cases that wait, are cancelled, or take back others. Pure. */
final class CaseOutcomes {
  private CaseOutcomes() {}

  /** Not final: it is done later. */
  static Outcome scheduled(
      OffboardingEvent event, RecordCoordinates coordinates, Schedule decision, Instant now) {
    return Outcome.of(event, coordinates)
        .decision(Revoker.rule(decision))
        .progress(CaseProgress.due(decision.due()))
        .build(Status.SCHEDULED, now);
  }

  /** A person has said that it be not done. */
  static Outcome discarded(
      OffboardingEvent event, RecordCoordinates coordinates, PersonsWord word, Instant now) {
    return Outcome.of(event, coordinates)
        .decision(new AppliedRule("discarded", "discarded by " + word.by() + ": " + word.reason()))
        .note("command " + word.command())
        .build(Status.DISCARDED, now);
  }

  /**
   * It is not done.
   *
   * @param dueAt when it would have been; null where it had not waited
   */
  static Outcome cancelled(
      OffboardingEvent event,
      RecordCoordinates coordinates,
      Cancellation cancellation,
      @Nullable Instant dueAt,
      Instant now) {
    boolean rescinded = cancellation.cause() == Cause.RESCINDED;
    RelatedCase by =
        new RelatedCase(
            cancellation.by(),
            rescinded ? Relation.CANCELLED_BY : Relation.REPLACED_BY,
            null,
            null);
    return Outcome.of(event, coordinates)
        .decision(
            rescinded
                ? new AppliedRule("rescinded", "it was taken back by case " + cancellation.by())
                : new AppliedRule(
                    "replaced",
                    "a newer event, case " + cancellation.by() + ", has another time for it"))
        .progress(new CaseProgress(dueAt, 0, List.of(by)))
        .build(Status.CANCELLED, now);
  }

  /** A rescind has met what it takes back. */
  static Outcome rescind(
      OffboardingEvent event, RecordCoordinates coordinates, CaseTable table, Instant now) {
    String caseId = coordinates.caseId();
    EndedCases ended = table.endedSince(caseId);
    List<RelatedCase> cancelled = related(ended.cancelled(), Relation.CANCELLED);
    List<RelatedCase> others = related(ended.others(), Relation.ENDED);
    OutcomeBuilder outcome = Outcome.of(event, coordinates);
    if (ended.calledOff()) {
      outcome.note("second looks that were to come are called off");
    }
    if (ended.unnamed() > 0) {
      outcome.note(ended.unnamed() + " more cases that it takes back are not named here");
    }
    return outcome
        .decision(
            cancelled.isEmpty()
                ? nothing(others, table.newerThan(caseId).orElse(null))
                : rescinded(cancelled.size(), ended.unnamed()))
        .progress(new CaseProgress(null, 0, concat(cancelled, others)))
        .build(cancelled.isEmpty() ? Status.NOTHING_TO_RESCIND : Status.RESCINDED, now);
  }

  private static List<RelatedCase> related(List<EndedCase> ended, Relation relation) {
    return ended.stream()
        .map(one -> new RelatedCase(one.caseId(), relation, one.end().status(), one.end().at()))
        .toList();
  }

  private static AppliedRule rescinded(int cancelled, int unnamed) {
    String all = unnamed > 0 ? "all" : "all " + cancelled;
    return new AppliedRule(
        "rescinded",
        cancelled == 1 ? "what waited is cancelled" : all + " that waited are cancelled");
  }

  private static AppliedRule nothing(List<RelatedCase> others, @Nullable WaitingCase newer) {
    if (newer != null) {
      return new AppliedRule(
          "older",
          "by its time it is older than what waits: case "
              + newer.caseId()
              + " happened at "
              + newer.event().time()
              + ", and takes place unless it is cancelled by its event's id or by hand");
    }
    if (others.isEmpty()) {
      return new AppliedRule(
          "nothing_waited",
          "nothing waited under this name; what still arrives under it and happened before will be"
              + " cancelled");
    }
    RelatedCase last = others.get(others.size() - 1);
    return new AppliedRule("too_late", "it came too late: " + last.status() + " at " + last.at());
  }

  private static <T> List<T> concat(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
