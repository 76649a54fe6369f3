package io.offboarder.revocation;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.Execution;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.UserTerminated;
import io.offboarder.revocation.AttemptNotes.HeldException;
import io.offboarder.revocation.AttemptNotes.NotNotedException;
import io.offboarder.revocation.EventContext.Urgency;
import io.offboarder.revocation.Outcome.AppliedRule;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.Outcome.Usage;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.gate.GateListener;
import io.offboarder.webex.gate.RequestAbandonedException;
import io.offboarder.webex.gate.RequestContext;
import io.offboarder.webex.gate.RequestContext.Priority;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Takes one event to its outcome.
 *
 * <p>A person's authorizations are listed, the refresh authorizations deleted, which takes their
 * access authorizations along, and listed again, until the list is empty, everything left was
 * refused for good, or the time for it is used up. An app's are deleted by one request, which the
 * API offers no way to verify.
 */
public final class RevocationFlow {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationFlow.class);

  /** A request that gets through seldom needs more than two or three. */
  private static final int ATTEMPTS_TO_TELL = 10;

  private final AuthorizationsClient client;
  private final Clock clock;
  private final RevocationLimits limits;
  private final KnownAddresses addresses = new KnownAddresses();
  private final HeldEvents held;
  private final AuthorizationBudget budget;

  /**
   * A flow through this client, with timers of Vert.x. To be made on the client's event loop.
   *
   * @param clock for the times in outcomes
   * @param maxEventTime how long rounds of list and delete go on while each finds something new
   * @param maxAuthorizations how many authorizations all events together may hold in memory, beside
   *     some that each may hold in any case
   */
  public RevocationFlow(
      Vertx vertx,
      AuthorizationsClient client,
      Clock clock,
      Duration maxEventTime,
      int maxAuthorizations) {
    this(
        client,
        clock,
        new RevocationLimits(
            maxEventTime, RevocationLimits.MOST_AUTHORIZATIONS, RelistBackoff.on(vertx)),
        maxAuthorizations,
        loop(vertx));
  }

  RevocationFlow(
      AuthorizationsClient client,
      Clock clock,
      RevocationLimits limits,
      int maxAuthorizations,
      Executor loop) {
    this.client = client;
    this.clock = clock;
    this.limits = limits;
    this.held = new HeldEvents(loop, limits.relistBackoff().timer());
    this.budget =
        new AuthorizationBudget(
            maxAuthorizations, limits.mostAuthorizations(), loop, limits.relistBackoff().timer());
  }

  /**
   * How many events wait because the API names, for their address, a person whom it named for
   * another before. From any thread.
   */
  public int eventsHeld() {
    return held.count();
  }

  /**
   * How many events wait before they read their long lists, because all events together hold as
   * many authorizations as they may. From any thread.
   */
  public int eventsWaitingForMemory() {
    return budget.waiting();
  }

  private static Executor loop(Vertx vertx) {
    Context loop = vertx.getOrCreateContext();
    return task -> loop.runOnContext(v -> task.run());
  }

  /**
   * Starts; to be called on the client's event loop, on which the future completes. What goes wrong
   * is in the outcome; the future fails if there is none.
   */
  public Future<Outcome> revoke(OffboardingEvent event, EventContext context) {
    return start(event, context)
        .recover(
            fault -> {
              if (isWithoutOutcome(fault)) {
                return Future.failedFuture(fault);
              }
              if (fault instanceof HeldException held) {
                return Future.succeededFuture(
                    held(event, context, held, Usage.NONE, clock.instant()));
              }
              context.log().fault(LOG, fault);
              return Future.succeededFuture(
                  Outcome.of(event, context.coordinates())
                      .error(Problem.internal())
                      .build(Status.FAILED, clock.instant()));
            });
  }

  /** Nothing of an event is done before a person has looked. */
  static Outcome held(
      OffboardingEvent event, EventContext context, HeldException held, Usage api, Instant now) {
    OutcomeBuilder outcome =
        Outcome.of(event, context.coordinates())
            .api(api)
            .decision(new AppliedRule("guard", "the guard has tripped, so a person has to look"));
    if (held.deletions() > 0) {
      outcome.note(held.deletions() + " authorizations were about to be deleted");
    }
    return outcome.build(Status.HELD, now);
  }

  /** Whether a fault says that the attempt is given up, and nothing of its event. */
  static boolean isWithoutOutcome(Throwable fault) {
    return fault instanceof RequestAbandonedException || fault instanceof NotNotedException;
  }

  /** A request that does not get through may hold its event up for minutes: not in silence. */
  private static GateListener warning(EventLog log, GateListener attempts) {
    return (operation, status, attempt, took) -> {
      boolean failed = !status.isAnswer() || status.code() >= 400;
      if (failed && attempt % ATTEMPTS_TO_TELL == 0) {
        log.line(
            LOG,
            Level.WARN,
            "{} was tried {} times so far; the last time it was answered {}",
            operation,
            attempt,
            status.isAnswer() ? status : "not at all");
      }
      attempts.attempted(operation, status, attempt, took);
    };
  }

  private Future<Outcome> start(OffboardingEvent event, EventContext context) {
    try {
      if (event instanceof UserTerminated terminated) {
        RequestContext caller = caller(context, priority(context.urgency()));
        return new PersonRevocation(
                client,
                clock,
                limits,
                caller,
                addresses,
                held,
                budget.open(context.released()),
                terminated,
                context)
            .start();
      }
      AppDecommissioned app = (AppDecommissioned) event;
      RequestContext caller = caller(context, Priority.DECOMMISSION);
      AppRevocation revocation = new AppRevocation(client, clock, caller, app, context);
      return context.untouched().execution() == Execution.DRY_RUN
          ? Future.succeededFuture(revocation.dryRun())
          : revocation.start();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static Priority priority(Urgency urgency) {
    return switch (urgency) {
      case NOW -> Priority.TERMINATION;
      case SCHEDULED -> Priority.SCHEDULED_TERMINATION;
      case SECOND_LOOK -> Priority.SECOND_LOOK;
    };
  }

  private static RequestContext caller(EventContext context, Priority priority) {
    return new RequestContext(
        context.coordinates().caseId(),
        priority,
        warning(context.log(), context.listener()),
        context.cancellation());
  }
}
