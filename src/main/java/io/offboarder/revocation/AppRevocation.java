package io.offboarder.revocation;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.Answer.Refused;
import io.offboarder.webex.gate.RequestContext;
import io.vertx.core.Future;
import java.time.Clock;

/** The revocation of an app's authorizations in an org: one request, nothing to verify it with. */
record AppRevocation(
    AuthorizationsClient client,
    Clock clock,
    RequestContext caller,
    AppDecommissioned event,
    RecordCoordinates coordinates) {

  Future<Outcome> start() {
    return client
        .deleteByClient(caller, event.subject().clientId(), event.orgId())
        .map(this::outcome);
  }

  private Outcome outcome(Answer<Void> answer) {
    UsageCount usage = new UsageCount();
    usage.add(answer.call());
    OutcomeBuilder outcome = Outcome.of(event, coordinates).api(usage.total());
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
