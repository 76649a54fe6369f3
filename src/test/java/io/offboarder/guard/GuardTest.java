package io.offboarder.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.guard.GuardLog.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The guard")
class GuardTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private final Guard guard = new Guard(new GuardSettings(3, 1, HOUR, true));
  private long offset;

  @BeforeEach
  void begin() {
    guard.begin(0, Instant.MIN);
  }

  @Test
  @DisplayName("lets as many go as the limit allows, and holds what comes after")
  void holds() {
    assertThat(go("a", "b", "c", "d", "e")).containsExactly(true, true, true, false, false);
    assertThat(guard.state().trips())
        .singleElement()
        .satisfies(trip -> assertThat(trip.offset()).isEqualTo(3));
  }

  @Test
  @DisplayName("goes on holding when the window is over, until it is reset")
  void holdsUntilReset() {
    go("a", "b", "c", "d");
    assertThat(mayGo(HOUR.multipliedBy(30), "e")).isFalse();

    guard.reset(offset++, START.plus(HOUR.multipliedBy(30)), new GuardReset("r", null, null));

    assertThat(guard.state().isTripped()).isFalse();
    assertThat(mayGo(HOUR.multipliedBy(30), "e")).isTrue();
  }

  @Test
  @DisplayName("lets more go as the window moves on")
  void moves() {
    assertThat(mayGo(Duration.ZERO, "a")).isTrue();
    assertThat(mayGo(Duration.ofMinutes(30), "b")).isTrue();
    assertThat(mayGo(Duration.ofMinutes(59), "c")).isTrue();
    assertThat(mayGo(Duration.ofMinutes(60), "d")).isTrue();
    assertThat(mayGo(Duration.ofMinutes(61), "e")).isFalse();
  }

  @Test
  @DisplayName("lets a case go again that has gone, tripped or not, and counts it once")
  void again() {
    assertThat(go("a", "a", "b", "b", "c", "d", "a", "c", "d"))
        .containsExactly(true, true, true, true, true, false, true, true, false);
  }

  @Test
  @DisplayName("lets released cases go, and does not count them")
  void released() {
    go("a", "b", "c", "d");
    assertThat(guard.mayGo(offset++, START, new GuardedCase("d", Kind.TERMINATIONS, null, true)))
        .isTrue();
  }

  @Test
  @DisplayName("counts kinds and orgs apart")
  void apart() {
    go("a", "b", "c", "d");
    assertThat(guard.mayGo(offset++, START, new GuardedCase("e", Kind.TERMINATIONS, "o", false)))
        .isTrue();
    assertThat(guard.mayGo(offset++, START, new GuardedCase("f", Kind.DECOMMISSIONS, null, false)))
        .isTrue();
    assertThat(guard.mayGo(offset++, START, new GuardedCase("g", Kind.DECOMMISSIONS, null, false)))
        .isFalse();
  }

  @Test
  @DisplayName("takes a second copy of a reset for the same reset")
  void copies() {
    go("a", "b", "c", "d");
    guard.reset(offset++, START, new GuardReset("r", null, null));
    assertThat(go("e", "f", "g", "h")).containsExactly(true, true, true, false);
    guard.reset(offset++, START, new GuardReset("r", null, null));
    assertThat(go("i")).containsExactly(false);
  }

  @Test
  @DisplayName("holds all that has not gone before once a person trips it, until it is reset")
  void byHand() {
    go("a");
    trip("t", null);

    assertThat(go("a", "b")).containsExactly(true, false);
    assertThat(guard.mayGo(offset++, START, new GuardedCase("b", Kind.TERMINATIONS, null, true)))
        .isTrue();
    assertThat(guard.mayGo(offset++, START, new GuardedCase("c", Kind.TERMINATIONS, "o", false)))
        .isFalse();
    assertThat(guard.mayGo(offset++, START, new GuardedCase("d", Kind.DECOMMISSIONS, "o", false)))
        .isFalse();
    assertThat(guard.state().trips())
        .hasSize(2)
        .allSatisfy(trip -> assertThat(trip.key().isByHand()).isTrue());

    guard.reset(offset++, START, new GuardReset("r", Kind.TERMINATIONS, null));
    assertThat(go("e", "f", "g", "h")).containsExactly(true, true, true, false);
    assertThat(guard.mayGo(offset++, START, new GuardedCase("i", Kind.DECOMMISSIONS, "o", false)))
        .isFalse();
  }

  @Test
  @DisplayName("takes a late copy of a trip for the trip that was reset")
  void lateCopyOfTrip() {
    trip("t", Kind.TERMINATIONS);
    guard.reset(offset++, START, new GuardReset("r", null, null));
    trip("t", Kind.TERMINATIONS);
    assertThat(go("a")).containsExactly(true);
  }

  @Test
  @DisplayName("is tripped by hand also for a kind that it does not bound")
  void unbounded() {
    Guard open = new Guard(new GuardSettings(0, 1, HOUR, false));
    open.begin(0, Instant.MIN);
    GuardedCase before = new GuardedCase("a", Kind.TERMINATIONS, null, false);
    assertThat(open.mayGo(0, START, before)).isTrue();
    open.trip(1, START, new GuardTrip("t", null));
    assertThat(open.mayGo(2, START, before)).isTrue();
    assertThat(open.mayGo(3, START, new GuardedCase("b", Kind.TERMINATIONS, null, false)))
        .isFalse();
  }

  private void trip(String id, Kind kind) {
    byte[] word = new GuardFormat().write(new GuardTrip(id, kind));
    new GuardFormat().read(word, offset++, START, guard);
  }

  @Test
  @DisplayName(
      "never lets more go within a window than the limit, but for those after a reset, and none"
          + " that has not gone before while a person has tripped it")
  void property() {
    int heldByHand = 0;
    for (long seed = 0; seed < 100; seed++) {
      GuardSettings settings = settings(seed);
      GuardLog log = new GuardLog(seed, settings, 1_500);
      Map<GuardKey, List<Instant>> gone = new HashMap<>();
      Set<String> known = new HashSet<>();
      Set<Kind> tripped = EnumSet.noneOf(Kind.class);
      Set<String> words = new HashSet<>();
      Instant now = Instant.MIN;
      for (Entry entry : log.entries()) {
        now = entry.at().isAfter(now) ? entry.at() : now;
        GuardedCase one = entry.one();
        if (entry.reset() != null) {
          gone.keySet().removeIf(entry.reset()::isAbout);
          if (words.add(entry.reset().id())) {
            tripped.removeIf(kind -> entry.reset().isAbout(GuardKey.byHand(kind)));
          }
        } else if (entry.trip() != null && words.add(entry.trip().id())) {
          Stream.of(Kind.values()).filter(entry.trip()::isAbout).forEach(tripped::add);
        }
        if (one == null || one.released()) {
          continue;
        }
        if (!log.answers().get((int) entry.offset())) {
          heldByHand += tripped.contains(one.kind()) ? 1 : 0;
        } else if (known.add(one.caseId())) {
          assertThat(tripped)
              .as("seed %d, at %d: tripped by hand", seed, entry.offset())
              .doesNotContain(one.kind());
          if (settings.limit(one.kind()) == 0) {
            continue;
          }
          GuardKey key = settings.key(one.kind(), one.org());
          List<Instant> times = gone.computeIfAbsent(key, k -> new ArrayList<>());
          Instant from = now.minus(settings.window());
          times.removeIf(at -> !at.isAfter(from));
          times.add(now);
          assertThat(times)
              .as("seed %d, %s at %d", seed, key, entry.offset())
              .hasSizeLessThanOrEqualTo(settings.limit(one.kind()));
        }
      }
    }
    assertThat(heldByHand).isGreaterThan(1_000);
  }

  @Test
  @DisplayName("answers the same wherever it began to read, if that is far enough back")
  void sameEverywhere() {
    int compared = 0;
    int held = 0;
    for (long seed = 0; seed < 100; seed++) {
      GuardSettings settings = settings(seed);
      GuardLog log = new GuardLog(seed, settings, 1_500);
      List<Entry> entries = log.entries();
      for (int joins = 200; joins < entries.size(); joins += 97) {
        Guard late = new Guard(settings);
        int from = place(entries, joins, late.memory());
        late.begin(from, entries.get(joins - 1).at().minus(late.memory()));
        for (int i = from; i < entries.size(); i++) {
          Boolean answer = entries.get(i).tell(late);
          if (i >= joins && answer != null) {
            assertThat(answer)
                .as("seed %d, joined at %d from %d, asked at %d", seed, joins, from, i)
                .isEqualTo(log.answers().get(i));
            compared++;
            held += answer ? 0 : 1;
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(30_000);
    assertThat(held).isGreaterThan(3_000);
  }

  private static GuardSettings settings(long seed) {
    int terminations = (int) (2 + seed % 20);
    return new GuardSettings(terminations, (int) (seed % 4), HOUR, seed % 2 == 0);
  }

  private static int place(List<Entry> entries, int joins, Duration memory) {
    Instant since = entries.get(joins - 1).at().minus(memory);
    int from = 0;
    while (entries.get(from).at().isBefore(since)) {
      from++;
    }
    return from;
  }

  private List<Boolean> go(String... cases) {
    List<Boolean> answers = new ArrayList<>();
    for (String one : cases) {
      answers.add(mayGo(Duration.ZERO, one));
    }
    return answers;
  }

  private boolean mayGo(Duration after, String caseId) {
    return guard.mayGo(
        offset++, START.plus(after), new GuardedCase(caseId, Kind.TERMINATIONS, null, false));
  }
}
