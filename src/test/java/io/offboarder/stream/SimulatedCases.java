package io.offboarder.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The topic of cases: what waits for its time, and, when it has ended, its tombstone. One
 * partition, of which a {@code read_committed} reader sees what comes before the first open
 * transaction. What becomes visible is held against the promises here, at once: a case ends once,
 * not before its time, and by the hand of the one who owns its partition.
 */
final class SimulatedCases {
  private final Fate fate;
  private final boolean lenient;
  private final double frequency;
  private final List<Entry> log = new ArrayList<>();
  private final Map<Case, Long> opened = new HashMap<>();
  private final Set<Case> ended = new HashSet<>();
  private final Set<Case> lost = new HashSet<>();
  private int ends;

  /** Which case: that of this record. */
  record Case(int partition, long offset) {}

  /** What the log holds, and what became of the transaction that wrote it. */
  static final class Entry {
    final Case of;

    /** When it is due; null if it has ended. */
    final Long due;

    private Boolean committed;
    private boolean wasToBeCommitted;
    private boolean known = true;

    Entry(Case of, Long due) {
      this.of = of;
      this.due = due;
    }

    boolean isCommitted() {
      return Boolean.TRUE.equals(committed);
    }

    /** Its transaction is decided, and its marker dropped. */
    void decided(boolean commit) {
      wasToBeCommitted = commit;
    }

    /** Kafka tells only how the last transaction was decided, and of no former producer's. */
    void isNoLongerKnown() {
      known = false;
    }

    boolean isKnown() {
      return known;
    }

    /** The marker of its transaction is there. */
    void marked(boolean commit) {
      committed = commit;
    }
  }

  /**
   * A topic.
   *
   * @param lenient whether transactions may be torn, so that a second end breaks no promise
   * @param frequency how often a record leaves a case behind
   */
  SimulatedCases(Fate fate, boolean lenient, double frequency) {
    this.frequency = frequency;
    this.fate = fate;
    this.lenient = lenient;
  }

  /** Whether a record leaves a case behind. */
  boolean isNextOne() {
    return fate.happens(frequency);
  }

  /** When a case that is opened now is due, in microseconds. */
  long due() {
    return fate.micros() + fate.below(fate.oneOf(1_000, 100_000, 3_000_000));
  }

  /** Appends an entry whose transaction is open. */
  Entry append(Case of, Long due) {
    Entry entry = new Entry(of, due);
    log.add(entry);
    return entry;
  }

  Entry get(int position) {
    return log.get(position);
  }

  /** The end of all that was written. */
  int end() {
    return log.size();
  }

  /** The end of what is decided. */
  int stableEnd() {
    int end = 0;
    while (end < log.size() && log.get(end).committed != null) {
      end++;
    }
    return end;
  }

  /**
   * What was to be committed was ended by an abort, after another of the same name: its case is
   * lost, or waits though it has ended.
   */
  void torn(Entry entry) {
    if (entry.wasToBeCommitted && entry.due != null) {
      lost.add(entry.of);
    }
  }

  /** A transaction that opens a case is committed. */
  void opened(Case of, long due) {
    opened.merge(of, due, Math::min);
  }

  /**
   * A transaction with the result of late work is committed.
   *
   * @param owned the partitions whose offsets are in it and that its sender owned when it sent them
   */
  void ended(Case of, Set<Integer> owned) {
    Long due = opened.get(of);
    if (due == null && lenient) {
      return; // Aborted, and made visible by a later transaction of the same name.
    }
    if (due == null) {
      throw new Violation("an end of " + of + ", which was never opened");
    }
    if (fate.micros() < due) {
      throw new Violation(of + " ends before its time");
    }
    if (!ended.add(of) && !lenient) {
      throw new Violation("a second end of " + of);
    }
    if (!owned.contains(of.partition())) {
      throw new Violation(of + " is ended by one who does not own its partition");
    }
    ends++;
  }

  /** How many ends were published. */
  int ends() {
    return ends;
  }

  boolean everyCaseHasEnded() {
    return opened.keySet().stream().allMatch(one -> ended.contains(one) || lost.contains(one));
  }

  String missing() {
    return opened.keySet().stream().filter(one -> !ended.contains(one)).toList().toString();
  }
}
