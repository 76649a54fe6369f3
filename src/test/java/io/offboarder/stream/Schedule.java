package io.offboarder.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One simulated schedule: mostly three instances in one group over four partitions at most, with
 * faults, crashes and rebalances; then the faults end, and every record must get its outcome.
 */
final class Schedule {
  /** Between two outcomes, once the faults are over. */
  private static final long PATIENCE_MICROS = Duration.ofSeconds(15).toNanos() / 1000;

  private static final int TURNS_TO_HEAL = 20_000;

  private static final int TURNS_TO_SETTLE = 1_000;

  /** What is finished may wait a moment for its transaction. */
  private static final int TURNS_TO_REST = 20;

  private final Sabotage sabotage;
  private final boolean torn;
  private final Fate fate;
  private final int acts;
  private final SimulatedBroker broker;
  private final List<String> subjects = new ArrayList<>();
  private final SimulatedInstance[] instances;
  private final List<SimulatedInstance> zombies = new ArrayList<>();
  private int lives;
  private int toAppend;
  private int turns;

  /**
   * How much there is of everything.
   *
   * @param acts so many things happen before the faults end
   */
  record Size(int partitions, int instances, int records, int acts) {
    /** Small: most faults of a protocol need no more. */
    static Size small(Fate fate) {
      return new Size(
          fate.between(1, 4), fate.between(1, 3), fate.between(1, 40), fate.between(50, 250));
    }
  }

  private Schedule(
      long seed, @Nullable Size given, Sabotage sabotage, boolean torn, boolean tracing) {
    this.sabotage = sabotage;
    this.torn = torn;
    this.fate = new Fate(seed, tracing);
    Size size = given == null ? Size.small(fate) : given;
    this.acts = size.acts();
    int partitions = size.partitions();
    SimulatedTopic topic =
        new SimulatedTopic(fate, partitions, torn, torn ? 0 : fate.oneOf(0.0, 0.0, 0.02, 0.2));
    SimulatedCases cases = new SimulatedCases(fate, torn, fate.oneOf(0.0, 0.1, 0.5));
    SimulatedJournal journal =
        new SimulatedJournal(
            fate, fate.oneIn(2), torn, fate.oneIn(2) ? Integer.MAX_VALUE : fate.between(1, 20));
    this.broker =
        new SimulatedBroker(
            fate,
            Faults.of(fate),
            topic,
            cases,
            journal,
            new SimulatedGroup(fate, partitions),
            new SimulatedTransactions(
                fate,
                topic,
                cases,
                journal,
                fate.oneOf(30_000, 300_000, 3_000_000),
                torn ? 0.1 : 0),
            fate.between(25, 38),
            fate.oneOf(100_000, 1_000_000));
    for (int i = fate.between(1, 6); i > 0; i--) {
      subjects.add(i == 1 ? "" : "s" + i);
    }
    this.instances = new SimulatedInstance[size.instances()];
    this.toAppend = size.records();
    fate.note("", "begins with", broker.faults());
  }

  /**
   * Runs one schedule.
   *
   * @param torn whether the broker forgets to end transactions; then every record must get an
   *     outcome, and some may get two
   * @return how many turns it took
   * @throws Violation with the trace, if a promise was broken
   */
  static int run(long seed, Sabotage sabotage, boolean torn) {
    try {
      return new Schedule(seed, null, sabotage, torn, false).run();
    } catch (Violation e) {
      throw traced(seed, sabotage, torn, e);
    }
  }

  /**
   * Runs one schedule of another size.
   *
   * @return how many turns it took
   * @throws Violation if a promise was broken
   */
  static int run(long seed, Size size) {
    return new Schedule(seed, size, Sabotage.NONE, false, false).run();
  }

  private static Violation traced(long seed, Sabotage sabotage, boolean torn, Violation found) {
    Schedule again = new Schedule(seed, null, sabotage, torn, true);
    try {
      again.run();
    } catch (Violation e) {
      List<String> trace = again.fate.trace();
      int from = Math.max(0, trace.size() - 400);
      return new Violation(
          "schedule "
              + seed
              + ": "
              + e.getMessage()
              + "\n"
              + String.join("\n", trace.subList(from, trace.size())),
          e);
    }
    return new Violation("schedule " + seed + " does not repeat: " + found.getMessage(), found);
  }

  SimulatedBroker broker() {
    return broker;
  }

  private int run() {
    for (int i = acts; i > 0; i--) {
      act();
    }
    heal();
    if (!torn) {
      settle();
      rest();
    }
    return turns;
  }

  private void act() {
    int what = fate.below(203);
    if (what < 10) {
      append();
    } else if (what < 13) {
      fate.note("", "rebalance");
      broker.group().rebalance();
    } else if (what < 14) {
      broker.group().removeAny();
    } else if (what < 19) {
      fate.advance(fate.below(100_000));
    } else if (what < 20 && fate.oneIn(3)) {
      long micros = fate.below(fate.oneOf(100_000, 5_000_000));
      fate.note("", "outage for µs:", micros);
      fate.outage(micros);
    } else if (what == 200) {
      broker.group().beginSessionsAgain(broker.sessionMicros());
    } else if (what == 201) {
      broker.transactions().endOpen("i" + fate.below(instances.length));
    } else if (what > 190 && !zombies.isEmpty()) {
      turnZombie(zombies.get(fate.below(zombies.size())));
    } else {
      int index = fate.below(instances.length);
      SimulatedInstance instance = instances[index];
      if (instance == null || !instance.isAlive()) {
        begin(index);
      } else if (instance.isBusy()) {
        fate.advance(fate.below(1_000));
      } else if (what == 20) {
        instance.crash();
      } else if (what == 22 && !torn && fate.oneIn(4)) {
        hang(index);
      } else if (what == 21) {
        turns++;
        instance.stop(Duration.ofMillis(fate.oneOf(0, 5, 200)));
      } else {
        turns++;
        instance.turn();
      }
    }
  }

  /** Turns one that was replaced while it hung. */
  private void turnZombie(SimulatedInstance zombie) {
    if (!zombie.isAlive()) {
      zombies.remove(zombie);
    } else if (!zombie.isBusy()) {
      turns++;
      zombie.turn();
    }
  }

  /**
   * An instance hangs until the group has given it up, and is replaced by one of its name; not
   * where offsets may be left pending, which only an instance that is alone of its name is sure to
   * end.
   */
  private void hang(int index) {
    SimulatedInstance hanging = instances[index];
    hanging.note("hangs");
    hanging.expire();
    zombies.add(hanging);
    instances[index] = null;
  }

  /** What happens elsewhere while an instance is in a call: now and then a lot. */
  void meanwhile() {
    if (fate.oneIn(10)) {
      // So that partitions change hands in the middle of a transaction of their former owner.
      broker.group().removeAny();
    }
    for (int i = fate.oneIn(8) ? fate.below(30) : 1; i > 0; i--) {
      act();
    }
  }

  private void append() {
    for (int i = fate.between(1, 12); i > 0 && toAppend > 0; i--) {
      toAppend--;
      broker
          .topic()
          .append(
              fate.below(broker.topic().partitions()), subjects.get(fate.below(subjects.size())));
    }
  }

  private void begin(int index) {
    instances[index] = new SimulatedInstance(this, sabotage, "i" + index, ++lives);
  }

  /** Whether a process lives, in which only one of its instances can be. */
  boolean isAlive(Incarnation incarnation) {
    return alive().anyMatch(one -> one.incarnation().equals(incarnation));
  }

  /** Whether another process of an instance's name lives: one that hung and was replaced. */
  boolean isRivalled(SimulatedInstance instance) {
    return alive().anyMatch(one -> one != instance && one.name().equals(instance.name()));
  }

  private Stream<SimulatedInstance> alive() {
    return Stream.concat(Arrays.stream(instances), zombies.stream())
        .filter(one -> one != null && one.isAlive());
  }

  private void heal() {
    fate.note("", "no more faults");
    fate.calmDown();
    append();
    while (toAppend > 0) {
      append();
    }
    long latest = fate.micros();
    int published = -1;
    int most = turns + TURNS_TO_HEAL * instances.length;
    // Turns come one after another: what many wait for takes as many times as long.
    long patience = PATIENCE_MICROS * Math.max(1, instances.length / 3);
    while (!isDone()) {
      turnAll();
      if (published() > published) {
        published = published();
        latest = fate.micros();
      } else if (fate.micros() - latest > patience || turns > most) {
        throw new Violation(
            "no progress in "
                + (fate.micros() - latest) / 1000
                + " ms, without an outcome: "
                + broker.topic().missing()
                + ", without an end: "
                + broker.cases().missing());
      }
    }
  }

  private boolean isDone() {
    return broker.topic().everyRecordHasItsOutcome() && broker.cases().everyCaseHasEnded();
  }

  private int published() {
    return broker.topic().published() + broker.cases().ends();
  }

  private void turnAll() {
    boolean any = !zombies.isEmpty();
    List.copyOf(zombies).forEach(this::turnZombie);
    for (int i = 0; i < instances.length; i++) {
      if (instances[i] != null && instances[i].isAlive()) {
        turns++;
        instances[i].turn();
        any = true;
      } else if (i == 0 || torn || fate.oneIn(50)) {
        // Torn, all come back: what one has left pending, only one of its name can end.
        begin(i);
      }
    }
    if (!any) {
      fate.advanceToNext(10_000);
    }
  }

  /** Everybody gets a share of the partitions, but for those whose name a zombie has. */
  private void settle() {
    for (int i = 0; i < TURNS_TO_SETTLE && zombies.isEmpty(); i++) {
      if (alive().allMatch(SimulatedInstance::takesPart)) {
        return;
      }
      turnAll();
    }
    if (zombies.isEmpty()) {
      throw new Violation("somebody never takes in a share of the partitions");
    }
  }

  private void turnToRest() {
    for (int i = 0; i < TURNS_TO_REST; i++) {
      turnAll();
    }
  }

  /** With everything done, nothing is in flight any more, and stopping is quick. */
  private void rest() {
    turnToRest();
    // Longer than any work and any back-off, also one that has only just begun.
    fate.advance(SimulatedWork.LONGEST_MICROS);
    turnToRest();
    List<SimulatedInstance> all = new ArrayList<>(Arrays.asList(instances));
    all.addAll(zombies);
    for (SimulatedInstance instance : all) {
      if (instance != null && instance.isAlive()) {
        if (!instance.isIdle()) {
          throw new Violation(
              instance.name()
                  + " holds in flight, with nothing left to do, "
                  + instance.inFlight());
        }
        long before = fate.micros();
        instance.stop(Duration.ofSeconds(5));
        if (fate.micros() - before > 4_500_000) {
          throw new Violation(instance.name() + " takes long to stop with nothing left to do");
        }
      }
    }
  }
}
