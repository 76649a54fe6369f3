package io.offboarder.guard;

import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.guard.GuardState.Trip;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A journal of chance: cases in bursts and one by one, attempted again, released; resets and trips
 * by hand, copied; quiet days, clocks that step back, and what guards say of trips.
 */
final class GuardLog {
  /** What stands at one place, and when it came. */
  @SuppressWarnings("ArrayRecordComponent") // bytes that nobody compares or changes
  record Entry(
      long offset, Instant at, GuardedCase one, GuardReset reset, GuardTrip trip, byte[] said) {
    /** Tells a guard; what it answers of a case, or null. */
    Boolean tell(Guard guard) {
      if (one != null) {
        return guard.mayGo(offset, at, one);
      }
      if (reset != null) {
        guard.reset(offset, at, reset);
      } else if (trip != null) {
        guard.trip(offset, at, trip);
      } else {
        new GuardFormat().read(said, offset, at, guard);
      }
      return null;
    }
  }

  private static final Duration SAID_AGAIN = Duration.ofMinutes(10);

  private final Random random;
  private final GuardSettings settings;
  private final Guard reader;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Boolean> answers = new ArrayList<>();
  private final Map<String, Instant> attempted = new HashMap<>();
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");
  private Instant said = Instant.MIN;
  private List<Trip> saidTrips = List.of();
  private int cases;
  private int resets;
  private int trips;

  GuardLog(long seed, GuardSettings settings, int length) {
    this.random = new Random(seed);
    this.settings = settings;
    this.reader = new Guard(settings);
    reader.begin(0, Instant.MIN);
    while (entries.size() < length) {
      happen();
    }
  }

  List<Entry> entries() {
    return entries;
  }

  /** What a guard that has read all of it has answered; null where it was asked nothing. */
  List<Boolean> answers() {
    return answers;
  }

  private void happen() {
    int what = random.nextInt(100);
    if (what < 60) {
      int burst = random.nextInt(20) == 0 ? 1 + random.nextInt(3 * settings.terminations()) : 1;
      for (int i = 0; i < burst; i++) {
        now = now.plusMillis(random.nextInt(2_000));
        attempt("case" + ++cases);
      }
    } else if (what < 75 && cases > 0) {
      attempt("case" + (1 + random.nextInt(cases)));
    } else if (what < 79) {
      GuardReset reset = reset();
      for (int copies = random.nextInt(3); copies > 0; copies--) {
        now = now.plusSeconds(random.nextInt(5));
        append(null, reset, null, null);
      }
    } else if (what < 80) {
      trip();
    } else if (what < 99) {
      pass(Duration.ofSeconds(random.nextInt(1_200)));
    } else {
      pass(Duration.ofHours(random.nextInt(60)));
    }
    sayAgain();
  }

  /** Somebody lives all the time, and says at least so often what is tripped. */
  private void pass(Duration time) {
    Instant then = now.plus(time);
    while (reader.state().isTripped() && now.plus(SAID_AGAIN).isBefore(then)) {
      now = now.plus(SAID_AGAIN);
      sayAgain();
    }
    now = then;
  }

  private void sayAgain() {
    List<Trip> trips = reader.state().trips();
    if (!trips.isEmpty()
        && (!saidTrips.containsAll(trips) || !said.plus(SAID_AGAIN).isAfter(now))) {
      byte[] bytes = new GuardFormat().write(reader.state());
      // Something may come between what was said and its place in the journal.
      if (random.nextInt(5) == 0) {
        reset();
      }
      said = now;
      saidTrips = trips;
      append(null, null, null, bytes);
    }
  }

  private void attempt(String caseId) {
    Instant first = attempted.computeIfAbsent(caseId, id -> now);
    if (first.isBefore(now.minus(Guard.GONE_KEPT.minusHours(1)))) {
      return;
    }
    int number = Integer.parseInt(caseId.substring(4));
    Kind kind = number % 5 == 0 ? Kind.DECOMMISSIONS : Kind.TERMINATIONS;
    String org = number % 7 == 0 ? null : "org" + number % 2;
    append(new GuardedCase(caseId, kind, org, number % 11 == 0), null, null, null);
  }

  /** Each instance passes it on; a reset may come between their copies. */
  private void trip() {
    Kind kind = random.nextInt(3) == 0 ? Kind.TERMINATIONS : null;
    GuardTrip trip = new GuardTrip("trip" + ++trips, kind);
    append(null, null, trip, null);
    for (int copies = random.nextInt(3); copies > 0; copies--) {
      now = now.plusSeconds(random.nextInt(5));
      if (random.nextInt(3) == 0) {
        reset();
      }
      append(null, null, trip, null);
    }
  }

  private GuardReset reset() {
    Kind kind = random.nextInt(3) == 0 ? Kind.TERMINATIONS : null;
    String org = random.nextInt(3) == 0 ? "org1" : null;
    GuardReset reset = new GuardReset("reset" + ++resets, kind, org);
    append(null, reset, null, null);
    return reset;
  }

  private void append(GuardedCase one, GuardReset reset, GuardTrip trip, byte[] bytes) {
    Instant at = random.nextInt(10) == 0 ? now.minusMillis(random.nextInt(3_000)) : now;
    Entry entry = new Entry(entries.size(), at, one, reset, trip, bytes);
    entries.add(entry);
    answers.add(entry.tell(reader));
  }
}
