package io.offboarder.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.revocation.AuthorizationBudget.Holding;
import io.offboarder.webex.gate.Cancellation;
import io.offboarder.webex.gate.RequestCancelledException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What all events together hold of authorizations")
class AuthorizationBudgetTest {
  private static final int MAX = 5_000;
  private static final int MOST_OF_RECORD = 4_000;
  private static final int FREE = AuthorizationBudget.FREE;

  private final List<Runnable> steps = new ArrayList<>();
  private final List<Runnable> ticks = new ArrayList<>();
  private final AuthorizationBudget budget =
      new AuthorizationBudget(
          MAX,
          MOST_OF_RECORD,
          steps::add,
          length -> {
            Promise<Void> passed = Promise.promise();
            ticks.add(passed::complete);
            return passed.future();
          });

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @DisplayName("has a bound, and every event ends, in whatever order they go on")
  void everyEventEnds(int seed) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      BatchRecord record = new BatchRecord(random.nextInt(4) == 0 ? 1 + random.nextInt(8) : 1);
      for (int j = 0; j < record.size; j++) {
        boolean hoards = random.nextInt(3) == 0;
        int size = hoards ? random.nextInt(2 * MOST_OF_RECORD) : random.nextInt(FREE / 2);
        Event event = new Event(record, size, random);
        events.add(event);
        steps.add(event::list);
      }
    }

    int most = 0;
    for (int turn = 0; turn < 500_000 && !(steps.isEmpty() && ticks.isEmpty()); turn++) {
      List<Runnable> next = steps.isEmpty() || random.nextInt(20) == 0 ? ticks : steps;
      if (!next.isEmpty()) {
        next.remove(random.nextInt(next.size())).run();
      }
      most = Math.max(most, budget.taken());
    }

    assertThat(events).allMatch(event -> event.ended);
    assertThat(events).filteredOn(event -> event.size < FREE / 2).allMatch(event -> !event.waited);
    assertThat(events).anyMatch(event -> event.waited);
    assertThat(events).allMatch(event -> event.lists <= 20);
    // A list of what is free in any case is not refused, but counted once it is taken in.
    assertThat(most).isBetween(MAX, MAX + MOST_OF_RECORD + FREE * events.size());
    assertThat(budget.taken()).isZero();
    assertThat(budget.waiting()).isZero();
  }

  @Test
  @DisplayName("counts what an outcome holds until it is published")
  void outcomesCount() {
    Promise<Void> published = Promise.promise();
    Holding ended = budget.open(published.future());
    ended.keeps(read(ended, MOST_OF_RECORD));
    Holding exempt = budget.open(Promise.promise().future());
    exempt.keeps(read(exempt, 3 * FREE + MAX - MOST_OF_RECORD));
    Holding waits = budget.open(Promise.promise().future());
    read(waits, 2 * FREE);
    Future<Void> room = waits.room(Cancellation.never());
    assertThat(room.isComplete()).isFalse();

    published.complete();
    runAll(steps);
    runAll(steps);

    assertThat(room.succeeded()).isTrue();
  }

  @Test
  @DisplayName("keeps no event waiting that is no longer wanted")
  void cancelled() {
    Holding full = budget.open(Promise.promise().future());
    full.keeps(MAX + 2 * FREE);
    Holding exempt = budget.open(Promise.promise().future());
    read(exempt, 2 * FREE);
    boolean[] wanted = {true};
    Holding waits = budget.open(Promise.promise().future());
    read(waits, 2 * FREE);
    Future<Void> room = waits.room(Cancellation.when(() -> !wanted[0]));
    runAll(ticks);
    assertThat(room.isComplete()).isFalse();
    assertThat(budget.waiting()).isEqualTo(1);

    wanted[0] = false;
    runAll(ticks);
    runAll(steps);

    assertThat(room.cause()).isInstanceOf(RequestCancelledException.class);
    assertThat(budget.waiting()).isZero();
  }

  @Test
  @DisplayName("gives the room of an event that is no longer wanted to one that is")
  void cancelledInFavour() {
    Holding full = budget.open(Promise.promise().future());
    full.keeps(MAX - 600 + FREE);
    Holding first = budget.open(Promise.promise().future());
    first.keeps(600 + FREE);
    Holding exempt = budget.open(Promise.promise().future());
    read(exempt, 2 * FREE);
    read(first, 2 * FREE);
    Future<Void> unwanted = first.room(Cancellation.when(() -> true));
    unwanted.onFailure(cancelled -> first.close());
    Holding second = budget.open(Promise.promise().future());
    read(second, 2 * FREE);
    Future<Void> wanted = second.room(Cancellation.never());
    Holding third = budget.open(Promise.promise().future());
    read(third, 2 * FREE);
    Future<Void> unwantedToo = third.room(Cancellation.when(() -> true));
    assertThat(budget.waiting()).isEqualTo(3);

    runAll(ticks);
    runAll(steps);
    runAll(steps);

    assertThat(unwanted.failed()).isTrue();
    assertThat(wanted.succeeded()).isTrue();
    assertThat(unwantedToo.failed()).isTrue();
    assertThat(budget.waiting()).isZero();
  }

  private static void runAll(List<Runnable> tasks) {
    List<Runnable> now = List.copyOf(tasks);
    tasks.clear();
    now.forEach(Runnable::run);
  }

  /** Reads a list of this size; returns how many it could. */
  private static int read(Holding holding, int size) {
    int count = 0;
    while (count < size && holding.mayRead(count + 1)) {
      count++;
    }
    return count;
  }

  /** A record whose outcomes are published once all its events have ended. */
  private static final class BatchRecord {
    private final Promise<Void> released = Promise.promise();
    private final int size;
    private int ended;

    BatchRecord(int size) {
      this.size = size;
    }
  }

  /** An event that deletes what it reads, and lists again until nothing is left. */
  private final class Event {
    private final BatchRecord record;
    private final int size;
    private final Random random;
    private final Holding holding;
    private final boolean unwanted;
    private int kept;
    private int lists;
    private int rounds;
    private boolean waited;
    private boolean ended;

    Event(BatchRecord record, int size, Random random) {
      this.record = record;
      this.size = size;
      this.random = random;
      this.holding = budget.open(record.released.future());
      this.unwanted = random.nextInt(20) == 0;
    }

    void list() {
      lists++;
      Future<Void> room = holding.room(Cancellation.when(() -> unwanted));
      waited |= !room.isComplete();
      room.onComplete(given -> read(), cancelled -> fail());
    }

    /** Now and then the list still shows what is deleted, before the rest. */
    private void read() {
      int lagging = random.nextInt(4) == 0 ? kept : 0;
      int read = AuthorizationBudgetTest.read(holding, lagging + size - kept);
      if (holding.isCut()) {
        list();
        return;
      }
      boolean whole = read == lagging + size - kept;
      kept += Math.max(0, read - lagging);
      holding.keeps(kept);
      if (whole) {
        end();
      } else {
        rounds++;
        steps.add(rounds < 5 ? this::list : this::end);
      }
    }

    private void fail() {
      holding.close();
      end();
    }

    private void end() {
      ended = true;
      record.ended++;
      if (record.ended == record.size) {
        steps.add(record.released::complete);
      }
    }
  }
}
