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
import java.util.List;

/** The revocation of an app's authorizations in an org: one request, nothing to verify it with. */
record AppRevocation(
    AuthorizationsClient client,
    Clock clock,
    RequestContext caller,
    AppDecommissioned event,
    RecordCoordinates coordinates) {

  Future<Outcome> start() {
    return client.deleteByClient(caller, event.clientId(), event.orgId()).map(this::outcome);
  }

  private Outcome outcome(Answer<Void> answer) {
    UsageCount usage = new UsageCount();
    usage.add(answer.call());
    Status status = Status.REVOKED;
    Problem problem = null;
    if (answer instanceof Refused<Void> refused) {
      int httpStatus = refused.refusal().status().code();
      // What a client without authorizations is answered is not documented. 404 is the API's word
      // for what it does not know, which may be a mistyped id: no success.
      status = httpStatus == 404 ? Status.SUBJECT_NOT_FOUND : Status.FAILED;
      problem =
          new Problem(refused.refusal().code(), null, httpStatus, refused.refusal().message());
    }
    return new Outcome(
        caller.id(),
        status,
        event.key(),
        event.attributes(),
        coordinates,
        event.subject(),
        List.of(),
        null,
        problem,
        clock.instant(),
        usage.total());
  }
}
