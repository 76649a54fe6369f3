package io.offboarder.stream;

import java.time.Duration;

/**
 * When the next entries go to the journal. A request costs the broker, and each reader of the
 * journal, nearly the same at any size. So where many entries come in a second they gather for a
 * while, and so they do while a backlog is worked off; where few do, each goes at once, for an
 * event's first delete waits for it. For one thread.
 */
final class AppendPacer {
  /** Entries that follow each other so soon were waiting together. */
  private static final Duration TOGETHER = Duration.ofNanos(100_000);

  /** The wait after a request, for each of its entries. */
  private static final Duration PER_ENTRY = Duration.ofMillis(1);

  private static final Duration LONGEST = Duration.ofMillis(40);

  private Duration begun = LONGEST.negated();
  private Duration last = LONGEST.negated();
  private int entries;

  /**
   * How long to wait before the next entry is appended, which is there now.
   *
   * @param backlog whether records wait for room: then this one's event takes long anyway
   */
  Duration next(Duration now, boolean backlog) {
    if (now.minus(last).compareTo(TOGETHER) < 0) {
      entries++;
      return Duration.ZERO;
    }
    Duration earned = PER_ENTRY.multipliedBy(entries);
    boolean longest = backlog || earned.compareTo(LONGEST) > 0;
    Duration left = begun.plus(longest ? LONGEST : earned).minus(now);
    Duration wait = left.isNegative() ? Duration.ZERO : left;
    begun = now.plus(wait);
    entries = 1;
    return wait;
  }

  /** It was. */
  void appended(Duration now) {
    last = now;
  }
}
