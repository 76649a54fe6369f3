package io.offboarder.revocation;

import io.offboarder.revocation.DeletionNote.Deletion;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.gate.Answer.Refused;
import io.offboarder.webex.gate.RequestContext;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Deletes a person's authorizations, none of which goes before it is written down. Confined to the
 * flow's event loop.
 */
final class NotedDeletes {
  private static final Logger LOG = LoggerFactory.getLogger(NotedDeletes.class);

  private final AuthorizationsClient client;
  private final RequestContext caller;
  private final AttemptNotes notes;
  private final AuthorizationTracker tracker;
  private final UsageCount usage;
  private final EventLog log;

  /**
   * No deletes yet.
   *
   * @param tracker learns how each ends
   * @param usage counts their requests
   */
  NotedDeletes(
      AuthorizationsClient client,
      RequestContext caller,
      AttemptNotes notes,
      AuthorizationTracker tracker,
      UsageCount usage,
      EventLog log) {
    this.client = client;
    this.caller = caller;
    this.notes = notes;
    this.tracker = tracker;
    this.usage = usage;
    this.log = log;
  }

  /** Writes down what is to go, and under which tracking ids, before any of it does. */
  Future<?> all(List<Authorization> targets) {
    List<Deletion> deletes = new ArrayList<>();
    for (Authorization target : targets) {
      deletes.add(new Deletion(target, client.newTrackingId()));
    }
    Map<String, Deletion> going = new LinkedHashMap<>();
    deletes.forEach(one -> going.put(one.authorization().id(), one));
    tracker
        .takenAlongBy(targets)
        .forEach(
            (refresh, taken) -> {
              String trackingId = Objects.requireNonNull(going.get(refresh.id())).trackingId();
              taken.forEach(one -> going.putIfAbsent(one.id(), new Deletion(one, trackingId)));
            });
    return notes
        .person(List.copyOf(going.values()))
        .compose(noted -> Future.join(deletes.stream().map(this::delete).toList()));
  }

  private Future<?> delete(Deletion deletion) {
    Authorization authorization = deletion.authorization();
    log.line(
        LOG,
        Level.DEBUG,
        "deleting {} authorization {} of app {}",
        authorization.type(),
        authorization.id(),
        authorization.clientId());
    return client
        .delete(caller.trackedAs(deletion.trackingId()), authorization.id())
        .map(
            answer -> {
              usage.add(answer.call());
              if (answer instanceof Refused<Void> refused) {
                if (refused.refusal().isGone()) {
                  tracker.deleted(authorization, Result.ALREADY_GONE, answer.call());
                } else {
                  tracker.refused(authorization, refused.refusal(), answer.call());
                }
              } else {
                tracker.deleted(authorization, Result.REVOKED, answer.call());
              }
              return answer;
            });
  }
}
