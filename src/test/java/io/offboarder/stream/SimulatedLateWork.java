package io.offboarder.stream;

import io.offboarder.stream.SimulatedCases.Case;
import io.offboarder.stream.SimulatedCases.Entry;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * One instance's table of the cases that wait, which lags behind the topic, and what of it may
 * start: only what is due, and of partitions for which the table has caught up since they came.
 */
final class SimulatedLateWork implements LateWorkSource {
  private static final long HIDDEN_FOR_LONG = 1_000_000;

  private final SimulatedInstance instance;
  private final SimulatedWork work;
  private final Sabotage.CatchUp catchUp;
  private final Fate fate;
  private final SimulatedCases cases;
  private final Map<Case, Long> table = new LinkedHashMap<>();
  private final Map<Integer, Owned> owned = new TreeMap<>();
  private final int firstEnd;
  private long hiddenSince = Long.MAX_VALUE;
  private int position;

  /** A partition from its assignment to its loss. */
  private static final class Owned {
    /** What the table has to reach; -1 while that is not known. */
    int end = -1;

    final Set<Case> given = new HashSet<>();
  }

  SimulatedLateWork(SimulatedInstance instance, SimulatedWork work, Sabotage.CatchUp catchUp) {
    this.instance = instance;
    this.work = work;
    this.catchUp = catchUp;
    this.fate = instance.broker().fate();
    this.cases = instance.broker().cases();
    this.firstEnd = cases.end();
  }

  @Override
  public void assigned(TopicPartition id) {
    Owned fresh = new Owned();
    if (owned.put(id.partition(), fresh) != null) {
      throw instance.violated(id + " comes twice");
    }
    fate.after(
        fate.below(fate.oneOf(100, 20_000)),
        () -> {
          fresh.end = end();
          if (fate.isTracing()) {
            instance.note("is to reach", fresh.end, "for", id);
          }
        });
  }

  private int end() {
    return switch (catchUp) {
      case END -> cases.end();
      case FIRST_END -> firstEnd;
      case STABLE_END -> cases.stableEnd();
      case NONE -> 0;
    };
  }

  @Override
  public void lost(TopicPartition id) {
    if (owned.remove(id.partition()) == null) {
      throw instance.violated(id + " goes and never came");
    }
  }

  @Override
  public boolean isHidden() {
    if (cases.stableEnd() == cases.end()) {
      hiddenSince = Long.MAX_VALUE;
    } else if (hiddenSince == Long.MAX_VALUE) {
      hiddenSince = fate.micros();
    }
    return fate.micros() - hiddenSince > HIDDEN_FOR_LONG;
  }

  /** Whether it owns nothing, as far as it was told. */
  boolean ownsNothing() {
    return owned.isEmpty();
  }

  @Override
  public LateWork next() {
    read();
    if (!fate.isCalm() && fate.oneIn(4)) {
      return null;
    }
    List<Case> open = table.keySet().stream().filter(this::mayStart).toList();
    if (open.isEmpty()) {
      return null;
    }
    Case next = open.get(fate.below(open.size()));
    owned.get(next.partition()).given.add(next);
    return work.late(instance.broker().topic().id(next.partition()), next.offset());
  }

  private boolean mayStart(Case one) {
    return hasCaughtUp(one.partition())
        && table.get(one) <= fate.micros()
        && !owned.get(one.partition()).given.contains(one);
  }

  private boolean hasCaughtUp(int partition) {
    Owned one = owned.get(partition);
    return one != null && one.end >= 0 && position >= one.end;
  }

  @Override
  public boolean isOpen(TopicPartition id, long offset) {
    return !hasCaughtUp(id.partition()) || table.containsKey(new Case(id.partition(), offset));
  }

  /** Reads on, now and then. */
  private void read() {
    if (!fate.isCalm() && fate.oneIn(2)) {
      return;
    }
    int until = cases.stableEnd();
    if (!fate.isCalm()) {
      until = Math.min(until, position + fate.between(1, 10));
    }
    for (; position < until; position++) {
      Entry entry = cases.get(position);
      if (entry.isCommitted() && entry.due != null) {
        table.put(entry.of, entry.due);
      } else if (entry.isCommitted()) {
        table.remove(entry.of);
      }
    }
  }
}
