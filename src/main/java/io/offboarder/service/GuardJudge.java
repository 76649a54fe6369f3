package io.offboarder.service;

import io.offboarder.event.EventType;
import io.offboarder.guard.Guard;
import io.offboarder.guard.GuardFormat;
import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.guard.GuardSettings;
import io.offboarder.guard.GuardState;
import io.offboarder.guard.GuardedCase;
import io.offboarder.revocation.NotedCase;
import io.offboarder.stream.NoteJudge;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guard as the engine asks it: reads notes and announcements, and says in the journal what is
 * tripped, at once and now and then again. Logs how it stands once it has read up to the end, and
 * from then on what changes: what it reads before that is old. Confined to the engine's thread, but
 * for {@link #state}.
 */
final class GuardJudge implements NoteJudge {
  private static final Logger LOG = LoggerFactory.getLogger(GuardJudge.class);

  /** Well below what a guard that begins reads more than it has to. */
  private static final Duration SAID_AGAIN = Duration.ofMinutes(10);

  private final Guard guard;
  private final GuardFormat format = new GuardFormat();
  private final GuardSettings settings;
  private final Clock clock;
  private List<GuardState.Trip> heard = List.of();
  private Instant heardAt = Instant.MIN;
  private volatile GuardState state = GuardState.NONE;
  private boolean catchesUp = true;

  /** What the log has last said; null before it has said anything. */
  private @Nullable List<GuardState.Trip> logged;

  /** A judge with these bounds; the clock paces what is said again, and decides nothing. */
  GuardJudge(GuardSettings settings, Clock clock) {
    this.guard = new Guard(settings);
    this.settings = settings;
    this.clock = clock;
  }

  /** What waits for a person, as far as the journal was read. From any thread. */
  GuardState state() {
    return state;
  }

  @Override
  public Duration memory() {
    return guard.memory();
  }

  @Override
  public void begin(long offset, Instant from) {
    guard.begin(offset, from);
    heard = List.of();
    heardAt = Instant.MIN;
    catchesUp = true;
    changed();
  }

  @Override
  public boolean mayGo(long offset, Instant at, byte[] note) {
    boolean mayGo =
        NotedCase.read(note).map(one -> guard.mayGo(offset, at, guarded(one))).orElse(true);
    if (!mayGo) {
      changed();
    }
    return mayGo;
  }

  /** A look after the end deletes what came back of a case that was counted when it went. */
  static GuardedCase guarded(NotedCase one) {
    Kind kind = one.type() == EventType.APP_DECOMMISSIONED ? Kind.DECOMMISSIONS : Kind.TERMINATIONS;
    return new GuardedCase(one.caseId(), kind, one.orgId(), one.released() || one.look() > 0);
  }

  @Override
  public void announced(long offset, Instant at, byte[] announcement) {
    format.read(announcement, offset, at, guard);
    changed();
    if (guard.state().trips().equals(format.trips(announcement))) {
      heard = guard.state().trips();
      heardAt = clock.instant();
    }
  }

  @Override
  public byte @Nullable [] announcement() {
    if (catchesUp) {
      catchesUp = false;
      log();
    }
    GuardState now = state;
    boolean isSaid =
        heard.equals(now.trips()) && clock.instant().isBefore(heardAt.plus(SAID_AGAIN));
    return now.isTripped() && !isSaid ? format.write(guard.state()) : null;
  }

  private void changed() {
    state = guard.state();
    if (!catchesUp) {
      log();
    }
  }

  private void log() {
    List<GuardState.Trip> before = logged;
    List<GuardState.Trip> now = state.trips();
    logged = now;
    if (before == null) {
      start(now);
    } else if (!now.equals(before)) {
      now.stream().filter(trip -> !before.contains(trip)).forEach(this::warn);
      if (now.isEmpty()) {
        LOG.info("The guard was reset");
      }
    }
  }

  private static void start(List<GuardState.Trip> trips) {
    if (trips.isEmpty()) {
      LOG.info("The guard is not tripped");
    } else {
      LOG.warn(
          "The guard is tripped for {}; what has not begun is held until a person resets it",
          trips.stream()
              .map(trip -> trip.key() + " since " + trip.at())
              .collect(Collectors.joining(", ")));
    }
  }

  private void warn(GuardState.Trip trip) {
    if (trip.key().isByHand()) {
      LOG.warn(
          "A person has tripped the guard at {}: {} that have not begun are held until a person"
              + " resets it",
          trip.at(),
          trip.key());
    } else {
      LOG.warn(
          "The guard has tripped at {}: more than {} {} in {}; what comes after is held until a"
              + " person resets the guard",
          trip.at(),
          settings.limit(trip.key().kind()),
          trip.key(),
          settings.window());
    }
  }
}
