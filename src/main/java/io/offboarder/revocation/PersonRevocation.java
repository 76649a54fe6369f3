package io.offboarder.revocation;

import io.offboarder.event.UserTerminated;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.Outcome.Verification;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.Person;
import io.offboarder.webex.gate.Answer.Done;
import io.offboarder.webex.gate.Answer.Refusal;
import io.offboarder.webex.gate.Answer.Refused;
import io.offboarder.webex.gate.RequestAbandonedException;
import io.offboarder.webex.gate.RequestContext;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The revocation of one person's authorizations, in rounds of one list and the deletes that it
 * calls for. Confined to the client's event loop.
 */
final class PersonRevocation {
  private static final Logger LOG = LoggerFactory.getLogger(PersonRevocation.class);

  /**
   * Two rounds do for refresh authorizations and what they leave; the others are for apps that mint
   * tokens meanwhile.
   */
  private static final int MOST_ROUNDS = 5;

  private final AuthorizationsClient client;
  private final Clock clock;
  private final RelistBackoff relistBackoff;
  private final RequestContext caller;
  private final UserTerminated event;
  private final RecordCoordinates coordinates;
  private final EventLog log;
  private final Person person;
  private final AuthorizationTracker tracker;
  private final UsageCount usage = new UsageCount();

  private int rounds;
  private int pauses;
  private @Nullable Instant lastListAt;

  PersonRevocation(
      AuthorizationsClient client,
      Clock clock,
      RelistBackoff relistBackoff,
      RequestContext caller,
      UserTerminated event,
      RecordCoordinates coordinates,
      EventLog log) {
    this.client = client;
    this.clock = clock;
    this.relistBackoff = relistBackoff;
    this.caller = caller;
    this.event = event;
    this.coordinates = coordinates;
    this.log = log;
    this.person =
        event.personId() != null
            ? new Person.ById(event.personId())
            : new Person.ByEmail(Objects.requireNonNull(event.personEmail()));
    this.tracker = new AuthorizationTracker(new OwnershipCheck(person));
  }

  Future<Outcome> start() {
    return list()
        .recover(
            fault ->
                fault instanceof RequestAbandonedException
                    ? Future.failedFuture(fault)
                    : Future.succeededFuture(faulty(fault)));
  }

  private Future<Outcome> list() {
    return client
        .list(caller, person)
        .compose(
            answer -> {
              usage.add(answer.call());
              if (answer instanceof Refused<List<Authorization>> refused) {
                return Future.succeededFuture(listRefused(refused.refusal()));
              }
              return listed((Done<List<Authorization>>) answer);
            });
  }

  private Future<Outcome> listed(Done<List<Authorization>> answer) {
    lastListAt = answer.call().at();
    tracker.listed(answer.value(), lastListAt);
    warnOfUnusable(answer);
    if (tracker.live() == 0) {
      return Future.succeededFuture(
          end(tracker.isEmpty() ? Status.NOTHING_TO_REVOKE : Status.REVOKED, null));
    }
    List<Authorization> targets = tracker.toDelete();
    if (!targets.isEmpty()) {
      return rounds++ < MOST_ROUNDS
          ? deleteAll(targets).compose(deleted -> list())
          : Future.succeededFuture(stillLive());
    }
    List<Authorization> lagging = tracker.stillListed();
    if (lagging.isEmpty()) {
      return Future.succeededFuture(
          end(
              partial(),
              new Problem(
                  "refused",
                  null,
                  0,
                  tracker.live() + " authorizations are live and were refused for good")));
    }
    return pauses < relistBackoff.pauses().size()
        ? wait(lagging).compose(waited -> list())
        : Future.succeededFuture(stillLive());
  }

  private void warnOfUnusable(Done<List<Authorization>> answer) {
    long unusable = answer.value().stream().filter(one -> !one.hasUsableId()).count();
    if (unusable > 0) {
      log.line(
          LOG,
          Level.WARN,
          "{} of {} authorizations are listed without a usable id, so nothing can delete them"
              + " (tracking id {})",
          unusable,
          answer.value().size(),
          answer.call().trackingId());
    }
  }

  /**
   * Gives a list that lags behind the deletes time to catch up; before the last pause, asks once
   * more for the deletes, in case it does not lag at all.
   */
  private Future<?> wait(List<Authorization> lagging) {
    Duration pause = relistBackoff.pauses().get(pauses++);
    log.line(
        LOG,
        Level.DEBUG,
        "the API still lists {} authorizations that it says are gone; looking again in {} ms",
        lagging.size(),
        pause.toMillis());
    Future<?> before =
        pauses == relistBackoff.pauses().size() ? deleteAll(lagging) : Future.succeededFuture();
    return before.compose(done -> relistBackoff.pause().apply(pause));
  }

  private Future<?> deleteAll(List<Authorization> targets) {
    return Future.join(targets.stream().map(this::delete).toList());
  }

  private Future<?> delete(Authorization authorization) {
    log.line(
        LOG,
        Level.DEBUG,
        "deleting {} authorization {} of app {}",
        authorization.type(),
        authorization.id(),
        authorization.clientId());
    return client
        .delete(caller, authorization.id())
        .map(
            answer -> {
              usage.add(answer.call());
              if (answer instanceof Refused<Void> refused) {
                int status = refused.refusal().status().code();
                if (status == 404 || status == 410) {
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

  private Outcome listRefused(Refusal refusal) {
    Problem problem = new Problem(refusal.code(), null, refusal.status().code(), refusal.message());
    if (lastListAt == null) {
      return end(
          refusal.status().code() == 404 ? Status.SUBJECT_NOT_FOUND : Status.FAILED, problem);
    }
    lastListAt = null;
    return end(
        partial(),
        new Problem(
            "not_verified",
            null,
            refusal.status().code(),
            "the list that would prove it was refused: " + refusal.message()));
  }

  private Outcome stillLive() {
    return end(
        partial(),
        new Problem(
            "still_live",
            null,
            0,
            tracker.live() + " authorizations were still listed after all deletes"));
  }

  private Outcome faulty(Throwable fault) {
    log.fault(LOG, fault);
    lastListAt = null;
    return end(
        partial(),
        new Problem("internal_error", null, 0, "a fault of Offboarder; its log says more"));
  }

  private Status partial() {
    return tracker.anyGone(lastListAt != null) ? Status.PARTIALLY_REVOKED : Status.FAILED;
  }

  private Outcome end(Status status, @Nullable Problem problem) {
    Instant now = clock.instant();
    return new Outcome(
        caller.id(),
        status,
        event.key(),
        event.attributes(),
        coordinates,
        event.subject(),
        tracker.results(lastListAt != null, now),
        lastListAt == null ? null : new Verification(lastListAt, tracker.live()),
        problem,
        now,
        usage.total());
  }
}
