package io.offboarder.revocation;

import io.offboarder.event.Execution;
import io.offboarder.event.Subject;
import io.offboarder.event.UserTerminated;
import io.offboarder.protection.Protection;
import io.offboarder.revocation.AuthorizationBudget.Holding;
import io.offboarder.revocation.AuthorizationTracker.Evidence;
import io.offboarder.revocation.NextStep.Delete;
import io.offboarder.revocation.NextStep.End;
import io.offboarder.revocation.NextStep.LookAgain;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.Person;
import io.offboarder.webex.gate.Answer.Done;
import io.offboarder.webex.gate.Answer.Refused;
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
   * Two rounds do for refresh authorizations and what they leave. These are allowed however long
   * the API made the event wait; further ones, for lists that show only a part and for apps that
   * mint tokens meanwhile, within the event's time.
   */
  private static final int LEAST_ROUNDS = 5;

  private final AuthorizationsClient client;
  private final Clock clock;
  private final RevocationLimits limits;
  private final RequestContext caller;
  private final UserTerminated event;
  private final EventContext context;
  private final Person person;
  private final OwnershipCheck ownership;
  private final HeldEvents held;
  private final AuthorizationTracker tracker;
  private final NotedDeletes deletes;
  private final Holding holding;
  private final PersonOutcomes outcomes;
  private final UsageCount usage = new UsageCount();

  private Instant begunAt = Instant.MAX;
  private Sparing sparing = Sparing.NOTHING;
  private boolean saidHeld;
  private int rounds;
  private int pauses;
  private @Nullable Instant lastListAt;

  PersonRevocation(
      AuthorizationsClient client,
      Clock clock,
      RevocationLimits limits,
      RequestContext caller,
      KnownAddresses addresses,
      HeldEvents held,
      Holding holding,
      UserTerminated event,
      EventContext context) {
    this.client = client;
    this.clock = clock;
    this.limits = limits;
    this.caller = caller;
    this.event = event;
    this.context = context;
    this.held = held;
    this.holding = holding;
    Subject.Person named = event.subject();
    this.person =
        named.personId() != null
            ? new Person.ById(named.personId().value())
            : new Person.ByEmail(Objects.requireNonNull(named.personEmail()));
    this.ownership = new OwnershipCheck(person, addresses);
    this.tracker = new AuthorizationTracker(ownership);
    this.outcomes = new PersonOutcomes(event, context, tracker, usage, clock);
    AttemptNotes notes = new AttemptNotes(context, event, orgId(named));
    this.deletes = new NotedDeletes(client, caller, notes, tracker, usage, context.log());
    for (DeletionNote note : notes.earlier()) {
      if (tracker.size() < limits.mostAuthorizations()) {
        note.deletions().forEach(one -> tracker.inherited(one.authorization(), one.trackingId()));
      }
    }
  }

  Future<Outcome> start() {
    holding.keeps(tracker.held());
    return list()
        .onComplete(ended -> held.letGo(this))
        .recover(
            fault ->
                RevocationFlow.isWithoutOutcome(fault)
                    ? Future.failedFuture(fault)
                    : Future.succeededFuture(outcomes.ended(fault)))
        .onFailure(fault -> holding.close());
  }

  private Future<Outcome> list() {
    return room()
        .compose(room -> client.list(caller, person, holding::mayRead))
        .compose(
            answer -> {
              usage.add(answer.call());
              if (answer instanceof Done<List<Authorization>> && holding.isCut()) {
                return list();
              }
              if (answer instanceof Done<List<Authorization>> list
                  && ownership.isNamedBefore(list.value())) {
                return hold(list);
              }
              held.letGo(this);
              if (answer instanceof Refused<List<Authorization>> refused) {
                return Future.succeededFuture(outcomes.listRefused(refused, lastListAt));
              }
              return listed((Done<List<Authorization>>) answer);
            });
  }

  /** Waiting for room does not count as time of the event. */
  private Future<Void> room() {
    Future<Void> room = holding.room(context.cancellation());
    if (room.isComplete()) {
      return room;
    }
    Instant from = clock.instant();
    return room.onSuccess(given -> begunAt = begunAt.plus(Duration.between(from, clock.instant())));
  }

  private Future<Outcome> listed(Done<List<Authorization>> answer) {
    lastListAt = answer.call().at();
    begunAt = begunAt.equals(Instant.MAX) ? clock.instant() : begunAt;
    sparing = Sparing.of(event.subject(), answer.value(), context.untouched());
    tracker.listed(answer.value(), sparing, lastListAt);
    holding.keeps(tracker.held());
    warnOfUnusable(answer);
    return apply(plan());
  }

  /** What the last list calls for; changes nothing. */
  private NextStep plan() {
    if (context.untouched().execution() == Execution.DRY_RUN && sparing.person() == null) {
      return new End(Status.DRY_RUN, null);
    }
    if (tracker.live() == 0) {
      return tracker.isNothingToRevoke() ? nothingToRevoke() : new End(Status.REVOKED, null);
    }
    List<Authorization> targets = tracker.toDelete();
    if (!targets.isEmpty()) {
      return isRoundAllowed() ? new Delete(targets) : stillLive();
    }
    List<Authorization> lagging = tracker.stillListed();
    if (lagging.isEmpty()) {
      return new End(
          outcomes.partial(Evidence.LAST_LIST),
          Problem.of(
              "refused", tracker.live() + " authorizations are live and were refused for good"));
    }
    return limits
        .relistBackoff()
        .pause(pauses)
        .<NextStep>map(
            pause ->
                new LookAgain(pause, limits.relistBackoff().isLast(pauses) ? lagging : List.of()))
        .orElseGet(this::stillLive);
  }

  private NextStep nothingToRevoke() {
    Protection protection = sparing.person();
    return protection == null
        ? new End(Status.NOTHING_TO_REVOKE, null)
        : new End(Status.SKIPPED, Problem.of(protection.code(), protection.reason()));
  }

  /** Each round deletes what was never deleted before, so only time and memory have a bound. */
  private boolean isRoundAllowed() {
    return rounds < LEAST_ROUNDS
        || (tracker.size() < limits.mostAuthorizations()
            && clock.instant().isBefore(begunAt.plus(limits.maxEventTime())));
  }

  private NextStep stillLive() {
    return new End(
        outcomes.partial(Evidence.LAST_LIST),
        Problem.of(
            "still_live", tracker.live() + " authorizations were still listed after all deletes"));
  }

  private Future<Outcome> apply(NextStep step) {
    if (step instanceof Delete delete) {
      rounds++;
      return deletes.all(delete.targets()).compose(deleted -> list());
    }
    if (step instanceof LookAgain later) {
      pauses++;
      return deletes
          .all(later.again())
          .compose(deleted -> wait(later.pause()))
          .compose(waited -> list());
    }
    End end = (End) step;
    if (end.status() == Status.DRY_RUN) {
      tracker.wouldBeRevoked();
    }
    return Future.succeededFuture(outcomes.of(end, Objects.requireNonNull(lastListAt)));
  }

  /** Waits, since nothing tells whose list it is, and looks again. */
  private Future<Outcome> hold(Done<List<Authorization>> answer) {
    holding.keeps(tracker.held());
    if (!saidHeld) {
      saidHeld = true;
      context
          .log()
          .line(
              LOG,
              Level.ERROR,
              "the API lists a person whom it named for another address before; nothing is deleted,"
                  + " and the event waits until it names somebody else (tracking id {}). Does"
                  + " something on the way to the API drop the query? If both addresses are one"
                  + " person's, restart this instance: it remembers addresses no longer than it"
                  + " runs",
              answer.call().trackingId());
    }
    return held.hold(this, context.cancellation()).compose(look -> list());
  }

  private void warnOfUnusable(Done<List<Authorization>> answer) {
    int unusable = 0;
    for (Authorization one : answer.value()) {
      unusable += one.hasUsableId() ? 0 : 1;
    }
    if (unusable > 0) {
      context
          .log()
          .line(
              LOG,
              Level.WARN,
              "{} of {} authorizations are listed without a usable id, so nothing can delete them"
                  + " (tracking id {})",
              unusable,
              answer.value().size(),
              answer.call().trackingId());
    }
  }

  private Future<?> wait(Duration pause) {
    context
        .log()
        .line(
            LOG,
            Level.DEBUG,
            "the API still lists {} authorizations that it says are gone; looking again in {} ms",
            tracker.live(),
            pause.toMillis());
    return limits.relistBackoff().timer().apply(pause);
  }

  private static @Nullable String orgId(Subject.Person person) {
    return person.orgId() == null ? null : person.orgId().value();
  }
}
