package io.offboarder.service;

import io.offboarder.cases.CaseEvent;
import io.offboarder.cases.CaseState;
import io.offboarder.cases.CaseTable;
import io.offboarder.cases.NextAct;
import io.offboarder.cases.NextAct.Perform;
import io.offboarder.cases.NextAct.Wait;
import io.offboarder.cases.NextAct.WaitForOthers;
import io.offboarder.cases.NextAct.WaitForPerson;
import io.offboarder.cases.WaitingCase;
import io.offboarder.event.EventType;
import io.offboarder.stream.LateWork;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * Whose turn it is among the cases of the partitions that this instance owns: those that are to be
 * cancelled or concluded at once, then the due ones, terminations before decommissions and second
 * looks last. Offers each once. Confined to the event loop.
 */
final class DueCases implements CaseOffers.Taker {
  /** How many offers wait for the engine at most; the order of the others can still change. */
  private static final int MOST_OFFERED = 100;

  /** A case that waits for another begins when that ends; this is for causes not foreseen. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final CaseTable table;
  private final CaseOffers offers;
  private final Function<WaitingCase, LateWork> work;
  private final Consumer<Runnable> whenCaughtUp;
  private final Consumer<Duration> late;
  private final Clock clock;

  /** The ownership of each partition whose cases may be done. */
  private final Map<TopicPartition, Long> open = new HashMap<>();

  /** The present ownership of each partition, whether its cases may be done yet or not. */
  private final Map<TopicPartition, Long> owned = new HashMap<>();

  /** Those that wait for a time, and those whose turn it is; each case is in one of them. */
  private final NavigableSet<Slot> waiting = new TreeSet<>(order());

  private final NavigableSet<Slot> ready = new TreeSet<>(order());
  private final Map<String, Slot> slots = new HashMap<>();

  /** Those that were offered, with the version of their case that was. */
  private final Map<String, Offered> offered = new HashMap<>();

  /** Those of them that have begun, likewise. */
  private final Map<String, Long> begun = new HashMap<>();

  /**
   * What is due and was not begun.
   *
   * @param cases how many there are
   * @param longest for how long the first of them has been due; zero where there is none
   */
  record Overdue(int cases, Duration longest) {}

  private record Slot(String caseId, int rank, Instant at) {}

  private record Offered(TopicPartition partition, long version, WaitingCase waiting) {}

  /**
   * No case is due yet.
   *
   * @param whenCaughtUp runs a task on the event loop when the table has all that lay on its topic
   *     at the moment of the call
   * @param work what a case asks for
   * @param late told how long after its time each case begins
   */
  DueCases(
      CaseTable table,
      CaseOffers offers,
      Consumer<Runnable> whenCaughtUp,
      Function<WaitingCase, LateWork> work,
      Consumer<Duration> late,
      Clock clock) {
    this.table = table;
    this.offers = offers;
    this.whenCaughtUp = whenCaughtUp;
    this.work = work;
    this.late = late;
    this.clock = clock;
  }

  private static Comparator<Slot> order() {
    return Comparator.comparingInt(Slot::rank).thenComparing(Slot::at).thenComparing(Slot::caseId);
  }

  @Override
  public void assigned(TopicPartition partition, long ownership) {
    owned.put(partition, ownership);
    whenCaughtUp.accept(
        () -> {
          Long present = owned.get(partition);
          if (present != null && present == ownership) {
            open(partition, ownership);
          }
        });
  }

  @Override
  public void ifNoneWaits(TopicPartition partition, long ownership, long offset, Runnable then) {
    whenCaughtUp.accept(
        () -> {
          Long present = owned.get(partition);
          boolean waits =
              of(partition).stream().anyMatch(one -> one.event().input().offset() == offset);
          if (present != null && present == ownership && !waits) {
            then.run();
          }
        });
  }

  private void open(TopicPartition partition, long ownership) {
    open.put(partition, ownership);
    of(partition).forEach(one -> place(one.caseId()));
    wanted();
  }

  @Override
  public void lost(TopicPartition partition) {
    owned.remove(partition);
    open.remove(partition);
    offered.values().removeIf(one -> one.partition().equals(partition));
    of(partition).forEach(one -> remove(one.caseId()));
  }

  private List<WaitingCase> of(TopicPartition partition) {
    return table.of(partition.topic(), partition.partition());
  }

  private static TopicPartition partition(CaseEvent event) {
    return new TopicPartition(event.input().topic(), event.input().partition());
  }

  /** The table has changed: something may be to be done about these. */
  void changed(Collection<String> caseIds) {
    caseIds.forEach(this::place);
    wanted();
  }

  /** Time has passed; to be called many times a second. */
  void tick() {
    Instant now = clock.instant();
    while (!waiting.isEmpty() && !waiting.first().at().isAfter(now)) {
      place(waiting.first().caseId());
    }
    wanted();
  }

  private void place(String caseId) {
    remove(caseId);
    WaitingCase one = table.find(caseId).orElse(null);
    Offered before = offered.get(caseId);
    if (before != null && before.version() != table.version(caseId)) {
      offered.remove(caseId);
    }
    if (one == null || offered.containsKey(caseId) || !open.containsKey(partition(one.event()))) {
      return;
    }
    Instant now = clock.instant();
    NextAct next = table.next(caseId, now).orElseThrow();
    if (next instanceof Wait later) {
      put(waiting, new Slot(caseId, 0, later.due()));
    } else if (next instanceof WaitForPerson) {
      return; // The table changes when one has said something.
    } else if (next instanceof WaitForOthers) {
      put(waiting, new Slot(caseId, 0, now.plus(LOOK_AGAIN)));
    } else {
      put(ready, new Slot(caseId, rank(one, next), one.due()));
    }
  }

  private static int rank(WaitingCase one, NextAct next) {
    if (!(next instanceof Perform)) {
      return 0;
    }
    if (one.state() == CaseState.RELOOK) {
      return 3;
    }
    return one.event().kind() == EventType.USER_TERMINATED ? 1 : 2;
  }

  private void put(NavigableSet<Slot> where, Slot slot) {
    slots.put(slot.caseId(), slot);
    where.add(slot);
  }

  private void remove(String caseId) {
    Slot slot = slots.remove(caseId);
    if (slot != null) {
      waiting.remove(slot);
      ready.remove(slot);
    }
  }

  @Override
  public void wanted() {
    while (offers.size() < MOST_OFFERED && !ready.isEmpty()) {
      String caseId = ready.first().caseId();
      remove(caseId);
      WaitingCase one = table.find(caseId).orElseThrow();
      TopicPartition partition = partition(one.event());
      Long ownership = open.get(partition);
      if (ownership != null) {
        offered.put(caseId, new Offered(partition, table.version(caseId), one));
        offers.offer(work.apply(one), ownership);
      }
    }
  }

  /** A case has begun. */
  void begun(String caseId) {
    Offered one = offered.get(caseId);
    if (one != null && !isBegun(one)) {
      begun.put(caseId, one.version());
      Duration after = Duration.between(one.waiting().due(), clock.instant());
      if (isDone(one.waiting().state()) && !after.isNegative()) {
        late.accept(after);
      }
    }
  }

  /** Whether a case in this state waits for nothing but its time, and its turn. */
  private static boolean isDone(CaseState state) {
    return state == CaseState.SCHEDULED || state == CaseState.RELEASED || state == CaseState.RELOOK;
  }

  private boolean isBegun(Offered one) {
    return begun.getOrDefault(one.waiting().caseId(), -1L) == one.version();
  }

  /** What is due and was not begun. Looks at every case. */
  Overdue overdue() {
    begun.keySet().retainAll(offered.keySet());
    Instant now = clock.instant();
    List<Instant> due =
        Stream.concat(
                slots.keySet().stream().flatMap(caseId -> table.find(caseId).stream()),
                offered.values().stream().filter(one -> !isBegun(one)).map(Offered::waiting))
            .map(WaitingCase::due)
            .filter(now::isAfter)
            .toList();
    return new Overdue(
        due.size(),
        due.stream()
            .min(Comparator.naturalOrder())
            .map(first -> Duration.between(first, now))
            .orElse(Duration.ZERO));
  }
}
