package io.offboarder.intake;

import java.util.Collection;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the expressions of one record may cost. Counted in steps, not in time, so that a record that
 * is read on a busy machine is read as on an idle one; the time is a second bound, far beyond what
 * the steps take, for what the steps do not see. Confined to one thread.
 */
final class Budget {
  /** About a third of a second on a slow machine. */
  static final int STEPS = 1_000_000;

  static final int DEPTH = 150;
  private static final long NANOS = 2_000_000_000L;
  private static final int CHARACTERS_A_STEP = 16;

  private final LongSupplier nanoTime;
  private final long began;
  private long left = STEPS;
  private int depth;
  private @Nullable SpentException spent;

  Budget(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.began = nanoTime.getAsLong();
  }

  /** A bound is reached; what was evaluated is abandoned. */
  static final class SpentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SpentException(String words) {
      super(words, null, false, false);
    }
  }

  /** An expression begins within another. */
  void enter() {
    if (++depth > DEPTH) {
      throw spent("went deeper than " + DEPTH + " levels");
    }
    spend(1);
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
    if (nanoTime.getAsLong() - began > NANOS) {
      throw spent("took more than " + NANOS / 1_000_000_000L + " s");
    }
  }
}
