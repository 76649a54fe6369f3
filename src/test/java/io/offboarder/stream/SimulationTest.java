package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.offboarder.stream.Sabotage.CatchUp;
import io.offboarder.stream.Schedule.Size;
import io.offboarder.testing.Report;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Runs the loop whole, in virtual time, against a simulated broker, through schedules of chance:
 * one to three instances over one to four partitions with hot subjects, work that finishes in any
 * order, faults at every call of a client, crashes in the middle of calls, rebalances and fences at
 * any moment. Whatever becomes visible is held against the promises at once; in the end the faults
 * stop, and every record must get its outcome, nothing may be left in flight.
 *
 * <p>A build runs the first schedules. A long run, and the repetition of one schedule with its
 * trace:
 *
 * <pre>
 * mvn test -Dtest=SimulationTest -Doffboarder.simulation.schedules=5000000
 * mvn test -Dtest=SimulationTest -Doffboarder.simulation.seed=4711
 * </pre>
 *
 * <p>Given both, it runs that many schedules from that seed on. The schedule of a seed is the same
 * on every machine, for as long as neither the loop nor the simulation changes.
 */
@DisplayName("The loop, in simulated schedules,")
class SimulationTest {
  private static final long FIRST = Long.getLong("offboarder.simulation.seed", 1);
  private static final long SCHEDULES =
      Long.getLong(
          "offboarder.simulation.schedules",
          System.getProperty("offboarder.simulation.seed") == null ? 2_500 : 1);

  /** Enough schedules to find any of the faults that are put in here on purpose. */
  private static final long ENOUGH = 20_000;

  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.offboarder.stream");

  @BeforeAll
  static void quiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    LOG.setLevel(null);
  }

  @Test
  @DisplayName("keeps every promise")
  void keepsEveryPromise() throws InterruptedException {
    long start = System.nanoTime();
    AtomicLong turns = new AtomicLong();
    Violation found = search(Sabotage.NONE, false, FIRST, SCHEDULES, turns);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (found != null) {
      throw found;
    }
    Report.of("The engine's loop in simulated schedules")
        .row("first seed", FIRST)
        .row("schedules, no promise broken", SCHEDULES)
        .row("turns of the loop", turns.get())
        .row("schedules a minute", 60 * SCHEDULES / seconds)
        .publish();
    assertThat(turns.get()).isPositive();
  }

  @Test
  @DisplayName("keeps every promise with many instances over ten times as many partitions")
  void crowd() {
    int instances = Integer.getInteger("offboarder.simulation.instances", 20);
    Size size = new Size(10 * instances, instances, 20 * instances, 200 * instances);
    long start = System.nanoTime();
    int turns = Schedule.run(FIRST, size);
    Report.of("The engine's loop in a simulated crowd")
        .row("instances", instances)
        .row("partitions", size.partitions())
        .row("records", size.records())
        .row("turns of the loop", turns)
        .row("seconds", (System.nanoTime() - start) / 1e9)
        .publish();
    assertThat(turns).isPositive();
  }

  @Test
  @DisplayName("loses nothing and comes to an end where the broker forgets to end transactions")
  void forgottenTransactions() throws InterruptedException {
    AtomicLong turns = new AtomicLong();
    Violation found = search(Sabotage.NONE, true, FIRST, Math.max(1, SCHEDULES / 4), turns);
    if (found != null) {
      throw found;
    }
    assertThat(turns.get()).isPositive();
  }

  @Test
  @DisplayName("is caught when it commits offsets without the bitmap")
  void withoutTheBitmap() throws InterruptedException {
    assertCaught(
        Sabotage.bareOffsets(), "has an outcome, is not committed as such", "a second outcome");
  }

  @Test
  @DisplayName("is caught when it publishes what the bitmap has no room for")
  void withoutTheHoldBack() throws InterruptedException {
    assertCaught(
        Sabotage.generous(), "has an outcome, is not committed as such", "a second outcome");
  }

  @Test
  @DisplayName("is caught when it goes on committing for partitions that it lost")
  void lostPartitions() throws InterruptedException {
    // First seen by what it publishes for them, by older offsets, or by what it never gets rid of.
    assertCaught(
        Sabotage.deaf(),
        "a second outcome",
        "is not committed as such",
        "does not own its partition",
        "holds in flight, with nothing left to do");
  }

  @Test
  @DisplayName("is caught when it takes a commit that timed out for done")
  void takenForDone() throws InterruptedException {
    // Or first seen by an owner that lives on, and never does again what it takes for done.
    assertCaught(
        Sabotage.optimist(), "is committed as finished, has no outcome", "without an outcome");
  }

  @Test
  @DisplayName("is caught when it commits without the generation that would fence it")
  void withoutTheGeneration() throws InterruptedException {
    // First seen by whichever comes first: a second outcome, or a former owner's older offsets.
    assertCaught(Sabotage.anonymous(), "outcome", "does not own its partition", "a second end");
  }

  @Test
  @DisplayName("is caught when it reads committed offsets without waiting for open transactions")
  void unstableOffsets() throws InterruptedException {
    assertCaught(Sabotage.impatient(), "a second outcome", "is not committed as such");
  }

  @Test
  @DisplayName("is caught when it starts late work before it knows what the former owner has ended")
  void withoutCatchingUp() throws InterruptedException {
    assertCaught(Sabotage.hasty(CatchUp.NONE), "a second end of", "does not name");
  }

  @Test
  @DisplayName("is caught when it starts late work once it knows what was written when it began")
  void withoutAskingAgain() throws InterruptedException {
    assertCaught(Sabotage.hasty(CatchUp.FIRST_END), "a second end of", "does not name");
  }

  @Test
  @DisplayName(
      "is caught when it starts late work once it knows what was decided when a partition came")
  void withoutTheUndecided() throws InterruptedException {
    assertCaught(Sabotage.hasty(CatchUp.STABLE_END), "a second end of", "does not name");
  }

  @Test
  @DisplayName("is caught when it publishes late work without the offsets of its partition")
  void withoutUnmovedOffsets() throws InterruptedException {
    assertCaught(Sabotage.unmoved(), "a second end of", "does not own its partition");
  }

  @Test
  @DisplayName("is caught when it does not count the transactions with late work")
  void withoutCountingLateWork() throws InterruptedException {
    assertCaught(Sabotage.uncountedLateWork(), "a second end of", "a second outcome");
  }

  @Test
  @DisplayName("is caught when work does what it notes before the note is answered")
  void withoutWaitingForTheNote() throws InterruptedException {
    // An event may also be begun before the guard has counted it.
    assertCaught(Sabotage.unnoted(), "does not name", "about more pieces of work than");
  }

  @Test
  @DisplayName("is caught when it begins to read the journal beyond notes of unfinished work")
  void withoutTheOldestNotes() throws InterruptedException {
    // First seen, now and then, by a transaction in doubt that is not known by its offsets.
    assertCaught(Sabotage.forgetful(), "does not name", "a second outcome");
  }

  @Test
  @DisplayName("is caught when it does not see that others claim its partitions")
  void withoutClaims() throws InterruptedException {
    assertCaught(Sabotage.unclaimed(), "does not name");
  }

  @Test
  @DisplayName("is caught when it takes partitions over that no commit shows to be its own")
  void withoutTheCommit() throws InterruptedException {
    assertCaught(Sabotage.credulous(), "does not name", "a second outcome", "kills a third");
  }

  @Test
  @DisplayName("is caught when it does not count who has begun to read a partition")
  void withoutCountingReaders() throws InterruptedException {
    assertCaught(Sabotage.uncounted(), "kills a third instance");
  }

  @Test
  @DisplayName("is caught when each instance counts its own notes alone")
  void withoutTheOthersNotes() throws InterruptedException {
    assertCaught(Sabotage.alone(), "about more pieces of work than", "does not name all that");
  }

  @Test
  @DisplayName("is caught when it leaves open what the broker has forgotten to end")
  void withoutEndingTheForgotten() throws InterruptedException {
    assertCaught(Sabotage.careless(), true, "without an end: [Case");
  }

  @Test
  @DisplayName("is caught when it takes all that the broker has forgotten to end for aborted")
  void takenForAborted() throws InterruptedException {
    assertCaught(Sabotage.pessimist(), true, "without an end: [Case");
  }

  private static void assertCaught(Sabotage sabotage, String... how) throws InterruptedException {
    assertCaught(sabotage, false, how);
  }

  private static void assertCaught(Sabotage sabotage, boolean torn, String... how)
      throws InterruptedException {
    Violation found = search(sabotage, torn, 1, ENOUGH, new AtomicLong());
    assertThat(found).isNotNull();
    assertThat(found.getMessage().lines().findFirst().orElseThrow()).containsAnyOf(how);
  }

  private static Violation search(
      Sabotage sabotage, boolean torn, long first, long count, AtomicLong turns)
      throws InterruptedException {
    AtomicLong seeds = new AtomicLong(first);
    // The violation of the lowest seed, whichever thread is first: a search finds the same each
    // time.
    ConcurrentSkipListMap<Long, Violation> found = new ConcurrentSkipListMap<>();
    Runnable searching =
        () -> {
          for (long seed = seeds.getAndIncrement();
              seed < first + count && found.isEmpty();
              seed = seeds.getAndIncrement()) {
            try {
              turns.addAndGet(Schedule.run(seed, sabotage, torn));
            } catch (Violation e) {
              found.put(seed, e);
            } catch (RuntimeException | Error e) {
              found.put(seed, new Violation("schedule " + seed + " failed: " + e, e));
            }
          }
        };
    Thread[] threads = new Thread[Runtime.getRuntime().availableProcessors()];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(searching, "simulation-" + i);
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return found.isEmpty() ? null : found.firstEntry().getValue();
  }
}
