package io.offboarder.guard;

import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.guard.GuardState.Trip;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Says of each case whether it may go, from all that the journal says in its order. Within a window
 * as many go as the limit allows; the first one beyond trips the guard, as a person can do, and
 * then every case that has not gone before is held until a reset stands in the journal. A case that
 * has gone goes again, and counts once. Released cases go, and do not count.
 *
 * <p>Its clock is the latest time that the journal has named. Guards that began to read at
 * different places, at least {@link #memory} back, give the same answers. One that has begun in the
 * middle first takes it that all have gone: it cannot know yet what counts, and does not trip. What
 * has tripped is said in the journal, at once and again now and then ({@link #learn}). So nothing
 * older counts, if no case is attempted for longer than {@link #GONE_KEPT}; of one that is, a guard
 * that began meanwhile counts more than others, never less. For one thread.
 */
public final class Guard {
  /** For how long after its last note a case is known to have gone. */
  static final Duration GONE_KEPT = Duration.ofHours(24);

  /** How much more is read than counts, so that trips are repeated within it. */
  private static final Duration MARGIN = Duration.ofMinutes(30);

  private static final long NEVER = Long.MAX_VALUE;

  private final GuardSettings settings;
  private final Map<GuardKey, Allowance> allowances = new HashMap<>();

  /** By case, the longest ago first. */
  private final LinkedHashMap<String, Gone> gone = new LinkedHashMap<>();

  /** By the command's id, the oldest first. */
  private final LinkedHashMap<String, PlacedReset> resets = new LinkedHashMap<>();

  /** When which command tripped it, the oldest first. */
  private final LinkedHashMap<String, Instant> trips = new LinkedHashMap<>();

  private long begun;
  private long next;

  /** Until when it only takes note of what has gone. */
  private Instant learnsUntil = Instant.MIN;

  private Instant now = Instant.MIN;

  /** What has gone of a key within the window, or that no more may. */
  private static final class Allowance {
    final Queue<Instant> used = new ArrayDeque<>();
    @Nullable Trip trip;
  }

  private record Gone(GuardKey key, long offset, Instant at) {}

  private record PlacedReset(GuardReset reset, long offset, Instant at) {}

  /** A guard that has read nothing yet. */
  public Guard(GuardSettings settings) {
    this.settings = settings;
  }

  /** How far back it has to read. */
  public Duration memory() {
    return settings.window().plus(GONE_KEPT).plus(MARGIN);
  }

  /**
   * Forgets everything, and reads on from here.
   *
   * @param offset 0 for the journal's first entry, before which there was nothing
   * @param from the time since which nothing is left out: {@link #memory} back
   */
  public void begin(long offset, Instant from) {
    allowances.clear();
    gone.clear();
    resets.clear();
    trips.clear();
    begun = offset;
    next = offset;
    now = Instant.MIN;
    learnsUntil = offset == 0 ? Instant.MIN : from.plus(GONE_KEPT).plus(settings.window());
  }

  /**
   * A case is about to be acted on.
   *
   * @param offset in the journal
   * @param at when the journal took it in
   * @return whether it may be
   */
  public boolean mayGo(long offset, Instant at, GuardedCase one) {
    advance(offset, at);
    if (one.released()) {
      return true;
    }
    GuardKey key = settings.key(one.kind(), one.org());
    Gone before = gone.remove(one.caseId());
    if (before != null) {
      gone.put(one.caseId(), new Gone(before.key(), before.offset(), now));
      return true;
    }
    if (isTripped(key) || isTripped(GuardKey.byHand(one.kind()))) {
      return false;
    }
    int limit = settings.limit(one.kind());
    if (limit > 0) {
      Allowance allowance = allowance(key);
      forgetBefore(allowance, now.minus(settings.window()));
      if (allowance.used.size() >= limit && !now.isBefore(learnsUntil)) {
        allowance.trip = new Trip(key, offset, now);
        return false;
      }
      allowance.used.add(now);
    }
    gone.put(one.caseId(), new Gone(key, offset, now));
    return true;
  }

  private boolean isTripped(GuardKey key) {
    Allowance allowance = allowances.get(key);
    return allowance != null && allowance.trip != null;
  }

  private Allowance allowance(GuardKey key) {
    return allowances.computeIfAbsent(key, k -> new Allowance());
  }

  private static void forgetBefore(Allowance allowance, Instant from) {
    for (Instant at = allowance.used.peek();
        at != null && !at.isAfter(from);
        at = allowance.used.peek()) {
      allowance.used.remove();
    }
  }

  /** Holds everything that it is about and that has not gone before, even below the limits. */
  public void trip(long offset, Instant at, GuardTrip trip) {
    advance(offset, at);
    if (trips.putIfAbsent(trip.id(), now) != null) {
      return;
    }
    for (Kind kind : Kind.values()) {
      GuardKey key = GuardKey.byHand(kind);
      if (trip.isAbout(kind) && !isTripped(key)) {
        allowance(key).trip = new Trip(key, offset, now);
      }
    }
  }

  /** Lets what is tripped begin again, and everything that it is about count from nothing. */
  public void reset(long offset, Instant at, GuardReset reset) {
    advance(offset, at);
    if (resets.putIfAbsent(reset.id(), new PlacedReset(reset, offset, now)) == null) {
      allowances.keySet().removeIf(reset::isAbout);
    }
  }

  /**
   * Takes in trips that another guard has read of. Changes nothing in one that has read as much.
   */
  public void learn(long offset, Instant at, GuardState said) {
    advance(offset, at);
    if (said.asOf() < begun) {
      return;
    }
    for (Trip trip : said.trips()) {
      long resetAt = resetSince(said.asOf(), trip.key());
      Allowance allowance = allowance(trip.key());
      if (allowance.trip == null) {
        if (resetAt == NEVER) {
          allowance.trip = trip;
          allowance.used.clear();
        }
        // What it let go while this was tripped, not knowing better, has not gone.
        gone.values()
            .removeIf(
                one ->
                    trip.key().covers(one.key())
                        && one.offset() >= trip.offset()
                        && one.offset() < resetAt);
      }
    }
  }

  private long resetSince(long place, GuardKey key) {
    return resets.values().stream()
        .filter(one -> one.offset() >= place && one.reset().isAbout(key))
        .mapToLong(PlacedReset::offset)
        .findFirst()
        .orElse(NEVER);
  }

  private void advance(long offset, Instant at) {
    next = offset + 1;
    if (at.isAfter(now)) {
      now = at;
      Instant from = now.minus(GONE_KEPT);
      Iterator<Gone> eldest = gone.values().iterator();
      while (eldest.hasNext() && !eldest.next().at().isAfter(from)) {
        eldest.remove();
      }
      resets.values().removeIf(one -> !one.at().isAfter(from));
      trips.values().removeIf(tripped -> !tripped.isAfter(from));
    }
  }

  /** What waits for a person. */
  public GuardState state() {
    return new GuardState(
        next,
        allowances.values().stream()
            .map(one -> one.trip)
            .filter(trip -> trip != null)
            .sorted(Comparator.comparingLong(Trip::offset))
            .toList());
  }

  /** How many have gone of each within the window that ends at a time. */
  public Map<GuardKey, Integer> used(Instant at) {
    Instant from = at.minus(settings.window());
    Map<GuardKey, Integer> used = new HashMap<>();
    allowances.forEach(
        (key, allowance) ->
            used.put(key, (int) allowance.used.stream().filter(one -> one.isAfter(from)).count()));
    return used;
  }

  /** How many have gone within the window that ends with the latest time named. */
  public int used(Kind kind, String org) {
    Allowance allowance = allowances.get(settings.key(kind, org));
    if (allowance == null) {
      return 0;
    }
    forgetBefore(allowance, now.minus(settings.window()));
    return allowance.used.size();
  }
}
