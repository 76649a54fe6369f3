package io.offboarder.intake;

import com.dashjoin.jsonata.Parser.Symbol;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the expressions of one record may cost. Counted in steps, not in time, so that a record that
 * is read on a busy machine is read as on an idle one. For what the steps do not see there is a
 * second bound, on processor time, which a busy machine does not use up either. Confined to one
 * thread.
 */
final class Budget {
  /** About a third of a second on a slow machine. */
  static final int STEPS = 1_000_000;

  static final int DEPTH = 150;
  private static final long NANOS = 500_000_000L;

  /** How often the time is looked at: asking for it takes as long as a step. */
  private static final int STEPS_A_LOOK = 64;

  /** A group is copied for each object that it gains: how many of its members count as a step. */
  private static final int COPIES_A_STEP = 256;

  private static final int CHARACTERS_A_STEP = 16;

  private final LongSupplier cpuNanos;
  private final long began;
  private long left = STEPS;
  private int depth;
  private int unlooked;
  private @Nullable SpentException spent;

  /** The keys of the groups that are being made, and how many objects each was found for. */
  private final IdentityHashMap<Symbol, Integer> grouped = new IdentityHashMap<>();

  /**
   * A budget of which nothing is spent.
   *
   * @param cpuNanos the processor time of the thread that spends it
   */
  Budget(LongSupplier cpuNanos) {
    this.cpuNanos = cpuNanos;
    this.began = cpuNanos.getAsLong();
  }

  /** The processor time of the current thread. */
  static LongSupplier cpuTime() {
    return ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
  }

  /** A bound is reached; what was evaluated is abandoned. */
  static final class SpentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SpentException(String words) {
      super(words, null, false, false);
    }
  }

  /** An expression begins within another. */
  void enter(Symbol expression) {
    if (++depth > DEPTH) {
      throw spent("went deeper than " + DEPTH + " levels");
    }
    spend(1);
    Symbol group = expression.group == null ? expression : expression.group;
    if (group.lhsObject != null) {
      group.lhsObject.forEach(member -> grouped.put(member[0], 0));
    }
    Integer before = grouped.isEmpty() ? null : grouped.get(expression);
    if (before != null) {
      grouped.put(expression, before + 1);
      spend(before / COPIES_A_STEP);
    }
  }

  /** It ends with this result. */
  void leave(Object result) {
    depth--;
    if (result instanceof String text) {
      text(text.length());
    } else if (result instanceof Collection<?> list) {
      spend(list.size());
    }
  }

  /** Another expression begins from the top. */
  void restart() {
    depth = 0;
    spent = null;
    grouped.clear();
  }

  /** The bound that this expression has reached; null where it has reached none. */
  @Nullable SpentException spent() {
    return spent;
  }

  private SpentException spent(String words) {
    spent = new SpentException(words);
    return spent;
  }

  /** That many characters are read or written. */
  void text(long characters) {
    spend(characters / CHARACTERS_A_STEP);
  }

  void spend(long steps) {
    left -= steps;
    if (left < 0) {
      throw spent("took more than " + STEPS + " steps");
    }
    unlooked += (int) Math.min(steps, STEPS_A_LOOK);
    if (unlooked >= STEPS_A_LOOK) {
      unlooked = 0;
      look();
    }
  }

  private void look() {
    if (cpuNanos.getAsLong() - began > NANOS) {
      throw spent("took more than " + NANOS / 1_000_000L + " ms of processor time");
    }
  }
}
