package io.offboarder.cli;

import io.offboarder.config.OffboarderConfig;
import io.offboarder.event.Execution;
import io.offboarder.event.UserTerminated;
import io.offboarder.protection.ProtectedFile;
import io.offboarder.protection.ProtectedList;
import io.offboarder.protection.Untouched;
import io.offboarder.revocation.CaseNotes;
import io.offboarder.revocation.EventContext;
import io.offboarder.revocation.EventContext.Urgency;
import io.offboarder.revocation.EventLog;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.revocation.RevocationFlow;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.gate.Cancellation;
import io.offboarder.webex.gate.GateListener;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What the service's own flow would do about people, in this process. Blocks its caller. */
final class DryRun {
  private static final String NO_TOPIC = "-";

  private final Context context;
  private final AuthorizationsClient client;
  private final Vertx vertx;
  private final Duration maxEventTime;
  private final int maxAuthorizations;
  private final Untouched untouched;
  private final Clock clock;
  private final Duration patience;

  /**
   * A dry run with the service's settings.
   *
   * @param patience how long to wait for the API
   */
  DryRun(Vertx vertx, OffboarderConfig settings, Clock clock, Duration patience) {
    this.vertx = vertx;
    this.clock = clock;
    this.patience = patience;
    this.maxEventTime = settings.webex().maxEventTime();
    this.maxAuthorizations = SettingsMapper.maxAuthorizations(settings.webex());
    this.context = vertx.getOrCreateContext();
    Supplier<ProtectedList> list =
        settings
            .policy()
            .protectedFile()
            .map(ProtectedFile::open)
            .<Supplier<ProtectedList>>map(file -> file::list)
            .orElse(() -> ProtectedList.NONE);
    CompletableFuture<AuthorizationsClient> created = new CompletableFuture<>();
    context.runOnContext(
        v ->
            created.complete(
                AuthorizationsClient.create(vertx, SettingsMapper.webex(settings.webex()))));
    this.client = created.join();
    this.untouched = new Untouched(list, client::knownClientId, Execution.DRY_RUN);
  }

  /**
   * The outcome that the event would have.
   *
   * @throws CommandFailure if the API does not answer in time
   */
  Outcome of(UserTerminated event) {
    RecordCoordinates nowhere =
        new RecordCoordinates(NO_TOPIC, 0, 0, clock.millis(), clock.instant());
    EventContext about =
        new EventContext(
            nowhere,
            new EventLog(null, event.key(), null),
            GateListener.NONE,
            Cancellation.when(() -> false),
            untouched,
            Urgency.NOW,
            CaseNotes.NONE,
            Promise.promise().future());
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    // One flow for each: a flow holds back a person whom the API named for another address before.
    context.runOnContext(
        v ->
            new RevocationFlow(vertx, client, clock, maxEventTime, maxAuthorizations)
                .revoke(event, about)
                .onComplete(outcome::complete, outcome::completeExceptionally));
    try {
      return outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the API did not answer within "
              + Figures.time(patience)
              + ": "
              + client.status().words(),
          e);
    } catch (ExecutionException e) {
      throw new CommandFailure(
          ExitCode.FAILED, List.of("the API cannot be asked: " + e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.FAILED, "interrupted while waiting for the API", e);
    }
  }
}
