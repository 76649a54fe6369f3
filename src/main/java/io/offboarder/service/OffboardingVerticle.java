package io.offboarder.service;

import io.offboarder.cases.CaseFetch;
import io.offboarder.cases.CaseReader;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.Execution;
import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.guard.GuardState;
import io.offboarder.intake.Intake;
import io.offboarder.policy.ActionPolicy;
import io.offboarder.protection.ProtectedFile;
import io.offboarder.protection.ProtectedList;
import io.offboarder.registry.RegistrySettings;
import io.offboarder.registry.SchemaRegistry;
import io.offboarder.revocation.RevocationFlow;
import io.offboarder.signature.SignatureCheck;
import io.offboarder.stream.NoteJudge;
import io.offboarder.stream.StreamEngine;
import io.offboarder.webex.AuthorizationsClient;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revokes what events name: the engine's records become work on this verticle's event loop, and the
 * work's outcomes become the engine's results.
 */
public final class OffboardingVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(OffboardingVerticle.class);

  /** How old what is known of an intake table's file may be. */
  private static final Duration TABLES_AGE = Duration.ofSeconds(5);

  private static final Duration LOOK_AT_FILE = Duration.ofSeconds(1);

  /** How late something may begin beside that which keeps it from beginning. */
  private static final Duration TURNS = Duration.ofMillis(250);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  private final ServiceSettings settings;
  private final Clock clock;
  private final ServiceListener listener;
  private final EventTracing tracing;
  private final Future<?> startSignal;
  private final HeardCommands commands;
  private final Promise<Void> terminated = Promise.promise();
  private volatile @Nullable AuthorizationsClient client;
  private volatile @Nullable RevocationFlow flow;
  private volatile @Nullable SchemaRegistry schemas;
  private volatile @Nullable StreamEngine engine;
  private volatile @Nullable ProtectedFile protectedFile;
  private boolean refreshing;
  private volatile @Nullable Cases cases;
  private volatile @Nullable GuardJudge guard;

  /** A verticle with the system's clock that tells nobody what it does. */
  public OffboardingVerticle(ServiceSettings settings) {
    this(settings, Clock.tickMillis(ZoneOffset.UTC), ServiceListener.NONE, EventTracing.NONE);
  }

  /** A verticle that touches events as soon as it is deployed. */
  public OffboardingVerticle(
      ServiceSettings settings, Clock clock, ServiceListener listener, EventTracing tracing) {
    this(settings, clock, listener, tracing, Future.succeededFuture());
  }

  /**
   * A verticle to deploy once.
   *
   * @param clock for the times in outcomes and for events that take effect later
   * @param listener told what the service does
   * @param tracing follows events through the service
   * @param go the service gets ready meanwhile, but touches no event before this has succeeded
   */
  public OffboardingVerticle(
      ServiceSettings settings,
      Clock clock,
      ServiceListener listener,
      EventTracing tracing,
      Future<?> go) {
    this.settings = settings;
    this.clock = clock;
    this.listener = listener;
    this.tracing = tracing;
    this.startSignal = go;
    this.commands = new HeardCommands(settings.cases(), clock);
  }

  @Override
  public Future<?> start() {
    if (isDryRun()) {
      LOG.warn("policy.mode is dry-run: nothing is revoked; outcomes say what would have been");
    }
    Path file = settings.policy().protectedFile();
    return file == null
        ? start(() -> ProtectedList.NONE)
        : context.executeBlocking(() -> ProtectedFile.open(file)).compose(this::start);
  }

  private Future<Void> start(ProtectedFile file) {
    protectedFile = file;
    vertx.setPeriodic(LOOK_AT_FILE.toMillis(), timer -> refresh(file));
    return start(file::list);
  }

  /** Off the event loop, and never twice at a time: a file system may take long to answer. */
  private void refresh(ProtectedFile file) {
    if (!refreshing) {
      refreshing = true;
      context
          .executeBlocking(
              () -> {
                file.refresh();
                return true;
              },
              false)
          .onComplete(done -> refreshing = false);
    }
  }

  private Future<Void> start(Supplier<ProtectedList> protectedList) {
    client =
        AuthorizationsClient.create(
            vertx,
            settings.webex().withNames(settings.privacy().logs()),
            clock,
            RandomGenerator.getDefault(),
            listener);
    EventDecoder decoder = new EventDecoder(settings.decoder());
    if (settings.intake().rules().hasTables()) {
      vertx.setPeriodic(TABLES_AGE.toMillis(), timer -> refreshTables());
    }
    Executor loop = task -> context.runOnContext(v -> task.run());
    RevocationFlow revoking =
        new RevocationFlow(
            vertx,
            client,
            clock,
            settings.webex().gate().retries().maxTime(),
            settings.maxAuthorizations());
    flow = revoking;
    OutcomeRecordFactory outcomes =
        new OutcomeRecordFactory(
            settings.outcomeTopic(),
            settings.deadLetterTopic(),
            settings.deadLetters(),
            settings.privacy().outcomes());
    Revoker revoker =
        new Revoker(
            new ActionPolicy(settings.policy()),
            new Safeguards(client, protectedList, settings.policy().mode()),
            revoking,
            clock);
    EventReport report =
        new EventReport(outcomes, new OutcomeRedactor(settings.privacy().logs()), listener);
    CaseSteps steps =
        new CaseSteps(
            new CaseRecordFactory(settings.cases().topic()),
            settings.policy().timing().secondLooks(),
            clock);
    Cases waiting = new Cases(loop, clock, listener);
    cases = waiting;
    LateCases late =
        new LateCases(
            waiting.table(),
            new CaseRecords(waiting.table(), new CaseReader(), this::caseRecord),
            steps,
            revoker,
            report,
            tracing,
            clock,
            length -> vertx.timer(length.toMillis(), TimeUnit.MILLISECONDS),
            waiting::begun);
    startSignal.onSuccess(
        go ->
            loop.execute(
                () ->
                    waiting.follow(settings.cases().kafka(), settings.cases().topic(), late::of)));
    vertx.setPeriodic(TURNS.toMillis(), timer -> waiting.tick());
    vertx.setPeriodic(BETWEEN_LOOKS.toMillis(), timer -> waiting.look(settings.stream().topics()));
    OffboardingProcessor processor =
        new OffboardingProcessor(
            decoder,
            new Intake(settings.intake().rules(), decoder, settings.decoder().zone()),
            new RecordWorkFactory(
                new SignedEvents(new SignatureCheck(vertx, settings.signatures(), clock), listener),
                waiting,
                steps,
                revoker,
                report,
                clock),
            report,
            settings.privacy(),
            clock,
            listener,
            tracing,
            registry());
    engine =
        StreamEngine.start(
            settings.stream(),
            processor,
            waiting.source(),
            judge(),
            loop,
            listener,
            commands.known());
    StreamEngine running = engine;
    AuthorizationsClient api = client;
    commands.known().onSuccess(known -> loop.execute(api::watchWhileIdle));
    startSignal.onSuccess(go -> commands.begin(waiting, api, running, guard != null, loop));
    engine.terminated().onComplete(terminated);
    return Future.succeededFuture();
  }

  private Future<byte[]> caseRecord(long offset) {
    CaseFetch records = new CaseFetch(settings.cases().kafka(), settings.cases().topic());
    return vertx.executeBlocking(() -> records.read(offset), false);
  }

  /** Its client closes with the verticle. */
  private @Nullable SchemaRegistry registry() {
    RegistrySettings registry = settings.intake().registry();
    schemas = registry == null ? null : new SchemaRegistry(vertx, registry);
    return schemas;
  }

  private NoteJudge judge() {
    List<Kind> unbounded =
        Stream.of(Kind.values()).filter(kind -> settings.guard().limit(kind) == 0).toList();
    if (!unbounded.isEmpty()) {
      LOG.warn("The guard is off for {}: any number of them may be done at once", unbounded);
    }
    if (!settings.guard().isOn() || settings.stream().journal() == null) {
      return NoteJudge.NONE;
    }
    GuardJudge judge = new GuardJudge(settings.guard(), clock);
    guard = judge;
    return judge;
  }

  /** In order, so that no two of them read at the same time. */
  private void refreshTables() {
    vertx.executeBlocking(
        () -> {
          settings.intake().rules().refreshTables();
          return null;
        },
        true);
  }

  /**
   * Stops in good order: what finishes within the stop's time is published, the rest is handed back
   * to the group.
   */
  @Override
  public Future<?> stop() {
    StreamEngine running = engine;
    AuthorizationsClient open = client;
    if (running == null || open == null) {
      return Future.succeededFuture();
    }
    return running
        .stop(settings.stopTimeout())
        .otherwiseEmpty()
        .compose(
            v -> {
              Cases waiting = cases;
              if (waiting != null) {
                waiting.stop();
              }
              commands.close();
              return open.close();
            });
  }

  /**
   * Completes when the engine has stopped, and fails with a {@code StreamFailure} if it had to.
   * Safe to ask for before the verticle is deployed.
   */
  public Future<Void> terminated() {
    return terminated.future();
  }

  /** Whether the settings keep it from revoking anything. From any thread. */
  public boolean isDryRun() {
    return settings.policy().mode() == Execution.DRY_RUN;
  }

  /** The consumer group that it belongs to. From any thread. */
  public String group() {
    return settings.stream().groupId();
  }

  /** How the service stands at this moment. From any thread. */
  public ServiceStatus status() {
    StreamEngine running = engine;
    AuthorizationsClient open = client;
    RevocationFlow revoking = flow;
    GuardJudge judging = guard;
    Cases waiting = cases;
    SchemaRegistry schemaRegistry = schemas;
    return running == null || open == null || revoking == null || waiting == null
        ? ServiceStatus.NOT_STARTED
        : new ServiceStatus(
            running.status(),
            running.sinceAlive(),
            open.status(),
            open.credentialsExpire(),
            protectedFile,
            revoking.eventsHeld(),
            revoking.eventsWaitingForMemory(),
            commands.pause(),
            judging == null ? GuardState.NONE : judging.state(),
            waiting.status(),
            schemaRegistry != null && schemaRegistry.isAwaited());
  }

  /**
   * Completes on the event loop that revokes, as soon as that has time for it; at once before the
   * verticle is started. From any thread.
   */
  public Future<Void> loopTurns() {
    Promise<Void> turned = Promise.promise();
    if (engine == null) {
      turned.complete();
    } else {
      context.runOnContext(v -> turned.complete());
    }
    return turned.future();
  }
}
