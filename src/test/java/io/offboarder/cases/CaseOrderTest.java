package io.offboarder.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.cases.CaseEvent.Input;
import io.offboarder.cases.NextAct.Cancel;
import io.offboarder.cases.NextAct.Conclude;
import io.offboarder.cases.NextAct.Drop;
import io.offboarder.cases.NextAct.Perform;
import io.offboarder.event.EventType;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Events about one person on partitions of two owners, each with a table that lags behind the
 * topic, in thousands of orders: what becomes of them does not depend on the order.
 */
@DisplayName("Whatever order a schedule and its rescind come in")
class CaseOrderTest {
  private static final long SEED = 20261130;
  private static final int RUNS = 3_000;
  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
  private static final Subject ANN = new Person(null, "ann@example.com", null);
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration LONGEST_LAG = Duration.ofSeconds(1);

  /** A record of the topic. */
  private record Logged(String caseId, @Nullable WaitingCase waiting, @Nullable CaseEnd end) {}

  private record Arrival(Instant at, int owner, CaseEvent event, Instant due) {}

  /** An instance: its table, and what it has begun. */
  private static final class Owner {
    final CaseTable table = new CaseTable();
    final Map<String, Long> begun = new HashMap<>();
    int read;
  }

  /** All of it: the topic, the owners and the ends. */
  private static final class World {
    final Random random;
    final List<Logged> log = new ArrayList<>();
    final List<Instant> loggedAt = new ArrayList<>();
    final List<Owner> owners = List.of(new Owner(), new Owner());
    final List<Arrival> arrivals = new ArrayList<>();
    final Map<String, List<String>> ends = new LinkedHashMap<>();
    Instant now = START;

    World(long seed) {
      random = new Random(seed);
    }

    void run() {
      arrivals.sort(Comparator.comparing(Arrival::at));
      Instant end = START.plusSeconds(40);
      while (now.isBefore(end)) {
        for (int step = 0; step < 6; step++) {
          turn(owners.get(random.nextInt(2)));
        }
        owners.forEach(this::catchUp);
        now = now.plusMillis(100);
      }
    }

    private void turn(Owner owner) {
      switch (random.nextInt(3)) {
        case 0 -> read(owner, 1);
        case 1 -> arrive(owner);
        default -> act(owner);
      }
    }

    /** Nothing lags for longer than that. */
    private void catchUp(Owner owner) {
      while (owner.read < log.size() && loggedAt.get(owner.read).plus(LONGEST_LAG).isBefore(now)) {
        read(owner, 1);
      }
    }

    private void read(Owner owner, int count) {
      for (int i = 0; i < count && owner.read < log.size(); i++) {
        apply(log.get(owner.read), owner.table, owner.read);
        owner.read++;
      }
    }

    private void arrive(Owner owner) {
      int index = owners.indexOf(owner);
      Optional<Arrival> next =
          arrivals.stream()
              .filter(one -> one.owner() == index && !one.at().isAfter(now))
              .findFirst();
      next.ifPresent(
          arrival -> {
            arrivals.remove(arrival);
            CaseEvent event = arrival.event();
            if (event.kind().rescinds().isPresent()) {
              log(waiting(event, CaseState.RESCIND, now.plus(SETTLE)));
            } else {
              owner
                  .table
                  .cancellationOf(event)
                  .ifPresentOrElse(
                      by -> end(event.caseId(), "cancelled", by.by()),
                      () -> log(waiting(event, CaseState.SCHEDULED, arrival.due())));
            }
          });
    }

    private void act(Owner owner) {
      int index = owners.indexOf(owner);
      for (WaitingCase waiting : owner.table.all()) {
        String caseId = waiting.caseId();
        long version = owner.table.version(caseId);
        boolean begun = owner.begun.getOrDefault(caseId, -1L) == version;
        if (waiting.event().input().partition() == index && !begun) {
          NextAct next = owner.table.next(caseId, now).orElseThrow();
          if (next instanceof Cancel cancel) {
            end(caseId, "cancelled", cancel.cancellation().by());
          } else if (next instanceof Perform) {
            assertThat(now).isAfterOrEqualTo(waiting.due());
            end(caseId, "revoked", null);
          } else if (next instanceof Conclude) {
            conclude(owner, waiting);
          } else if (next instanceof Drop) {
            log(new Logged(caseId, null, null));
          } else {
            continue;
          }
          owner.begun.put(caseId, version);
        }
      }
    }

    private void conclude(Owner owner, WaitingCase rescind) {
      String caseId = rescind.caseId();
      List<String> cancelled =
          owner.table.endedSince(caseId).named().stream()
              .filter(ended -> caseId.equals(ended.end().by()))
              .map(CaseTable.EndedCase::caseId)
              .sorted()
              .toList();
      ends.computeIfAbsent(caseId, id -> new ArrayList<>())
          .add(cancelled.isEmpty() ? "nothing_to_rescind" : "rescinded " + cancelled);
      log(waiting(rescind.event(), CaseState.RESCIND_KEPT, START.plusSeconds(3_600)));
    }

    private void end(String caseId, String status, @Nullable String by) {
      ends.computeIfAbsent(caseId, id -> new ArrayList<>()).add(status);
      log(new Logged(caseId, null, new CaseEnd(status, by, now)));
    }

    private void log(WaitingCase waiting) {
      log(new Logged(waiting.caseId(), waiting, null));
    }

    private void log(Logged record) {
      log.add(record);
      loggedAt.add(now);
    }

    private WaitingCase waiting(CaseEvent event, CaseState state, Instant due) {
      return new WaitingCase(event, state, due, now, "because", null);
    }
  }

  private static void apply(Logged record, CaseTable table, long offset) {
    if (record.waiting() == null) {
      table.end(record.caseId(), record.end());
    } else {
      table.put(record.waiting(), new byte[0], offset);
    }
  }

  @Test
  @DisplayName(
      "within a second, on partitions of two owners: it is cancelled, and the rescind says so")
  void eitherOrder() {
    for (int run = 0; run < RUNS; run++) {
      World world = new World(SEED + run);
      Random random = world.random;
      Instant sent = START.minusMillis(random.nextInt(2_000));
      int owner = random.nextInt(2);
      world.arrivals.add(
          new Arrival(
              START.plusMillis(random.nextInt(1_000)),
              owner,
              event("t", EventType.USER_TERMINATED, owner, sent),
              START.plusSeconds(20)));
      int other = random.nextInt(2);
      world.arrivals.add(
          new Arrival(
              START.plusMillis(random.nextInt(1_000)),
              other,
              event("r", EventType.USER_TERMINATION_RESCINDED, other, sent),
              START));

      world.run();

      assertThat(world.ends).as("seed %d", SEED + run).hasSize(2);
      assertThat(world.ends.get("t")).as("seed %d", SEED + run).containsExactly("cancelled");
      assertThat(world.ends.get("r")).as("seed %d", SEED + run).containsExactly("rescinded [t]");
    }
  }

  @Test
  @DisplayName(
      "with duplicates and newer schedules: each ends once, and the newest or none is done")
  void crowds() {
    for (int run = 0; run < RUNS; run++) {
      World world = new World(SEED - run);
      Random random = world.random;
      int count = 2 + random.nextInt(5);
      Instant newest = Instant.MIN;
      Instant newestRescind = Instant.MIN;
      for (int i = 0; i < count; i++) {
        boolean rescind = random.nextInt(3) == 0;
        int owner = random.nextInt(2);
        Instant sent = START.minusMillis(1 + random.nextInt(2_000));
        EventType kind = rescind ? EventType.USER_TERMINATION_RESCINDED : EventType.USER_TERMINATED;
        CaseEvent event = event((rescind ? "r" : "t") + i, kind, owner, sent);
        world.arrivals.add(
            new Arrival(
                START.plusMillis(random.nextInt(1_000)), owner, event, START.plusSeconds(20)));
        if (rescind && sent.isAfter(newestRescind)) {
          newestRescind = sent;
        } else if (!rescind && sent.isAfter(newest)) {
          newest = sent;
        }
      }

      world.run();

      assertThat(world.ends).as("seed %d", SEED - run).hasSize(count);
      assertThat(world.ends.values())
          .as("seed %d", SEED - run)
          .allSatisfy(ends -> assertThat(ends).hasSize(1));
      long done = world.ends.values().stream().filter(List.of("revoked")::equals).count();
      assertThat(done).as("seed %d", SEED - run).isEqualTo(newest.isAfter(newestRescind) ? 1 : 0);
    }
  }

  @Test
  @DisplayName("a table that is read from the start, or from what compaction leaves, is the same")
  void replays() {
    for (int run = 0; run < RUNS; run++) {
      World world = new World(SEED * 31 + run);
      Random random = world.random;
      for (int i = 0; i < 6; i++) {
        boolean rescind = random.nextInt(3) == 0;
        int owner = random.nextInt(2);
        EventType kind = rescind ? EventType.USER_TERMINATION_RESCINDED : EventType.USER_TERMINATED;
        CaseEvent event = event("c" + i, kind, owner, START.minusMillis(1 + random.nextInt(2_000)));
        world.arrivals.add(
            new Arrival(
                START.plusMillis(random.nextInt(1_000)), owner, event, START.plusSeconds(20)));
      }
      world.run();
      int length = random.nextInt(world.log.size() + 1);
      CaseTable whole = new CaseTable();
      CaseTable compacted = new CaseTable();
      Map<String, Integer> last = new HashMap<>();
      for (int i = 0; i < length; i++) {
        last.put(world.log.get(i).caseId(), i);
      }
      for (int i = 0; i < length; i++) {
        Logged record = world.log.get(i);
        apply(record, whole, i);
        if (last.get(record.caseId()) == i) {
          apply(record, compacted, i);
        }
      }

      assertThat(compacted.all())
          .as("seed %d", SEED * 31 + run)
          .containsExactlyInAnyOrderElementsOf(whole.all());
      assertThat(compacted.counts().values().stream().mapToInt(n -> n).sum())
          .isEqualTo(whole.all().size());
    }
  }

  private static CaseEvent event(String caseId, EventType kind, int partition, Instant time) {
    Input input = new Input("hr.events", partition, caseId.hashCode(), START, Input.ALONE);
    return new CaseEvent(caseId, kind, ANN, "event " + caseId, "/hr", time, null, input);
  }
}
