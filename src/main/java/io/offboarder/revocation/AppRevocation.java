package io.offboarder.revocation;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.revocation.Outcome.AppliedRule;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.Answer.Refused;
import io.offboarder.webex.gate.RequestContext;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;

/** The revocation of an app's authorizations in an org: one request, nothing to verify it with. */
record AppRevocation(
    AuthorizationsClient client,
    Clock clock,
    RequestContext caller,
    AppDecommissioned event,
    EventContext context) {

  /** What a dry run of it ends with: no list says what would be deleted. */
  Outcome dryRun() {
    return Outcome.of(event, context.coordinates())
        .decision(AppliedRule.DRY_RUN)
        .note(
            "the API lists no app's authorizations, so nothing can tell what would be deleted: it"
                + " would be one request for all that the app holds in the org")
        .build(Status.DRY_RUN, clock.instant());
  }

  Future<Outcome> start() {
    AttemptNotes notes = new AttemptNotes(context, event, event.orgId());
    String clientId = event.subject().clientId();
    String trackingId = client.newTrackingId();
    return notes
        .app(clientId, trackingId)
        .compose(
            noted -> client.deleteByClient(caller.trackedAs(trackingId), clientId, event.orgId()))
        .map(answer -> outcome(answer, notes.earlier()));
  }

  private Outcome outcome(Answer<Void> answer, List<DeletionNote> earlier) {
    UsageCount usage = new UsageCount();
    usage.add(answer.call());
    OutcomeBuilder outcome = Outcome.of(event, context.coordinates()).api(usage.total());
    for (DeletionNote note : earlier) {
      outcome.note(
          "an earlier attempt, of which no answer is known, was to delete the same under the tracking"
              + " id "
              + note.trackingId());
    }
    if (answer instanceof Refused<Void> refused) {
      Problem problem = Problem.of(refused.refusal());
      // What a client without authorizations is answered is not documented. 404 is the API's word
      // for what it does not know, which may be a mistyped id: no success.
      return outcome
          .error(problem)
          .build(
              refused.refusal().isNotFound() ? Status.SUBJECT_NOT_FOUND : Status.FAILED,
              clock.instant());
    }
    return outcome.build(Status.ACCEPTED, clock.instant());
  }
}
