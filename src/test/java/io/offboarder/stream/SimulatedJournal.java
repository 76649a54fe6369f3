package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.Placed;
import io.offboarder.stream.JournalEntry.WorkId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The journal's topic, and what was done by those who noted it. Holds against the promise, at once,
 * what becomes visible and what is done: the result of work names all that any attempt at it did.
 */
final class SimulatedJournal {
  private final Fate fate;
  private final boolean kept;
  private final boolean lenient;
  private final List<Placed> log = new ArrayList<>();
  private final List<Runnable> followers = new ArrayList<>();
  private final Map<WorkId, Set<Long>> acts = new HashMap<>();
  private final Map<WorkId, Set<Long>> named = new HashMap<>();
  private final Map<Long, WorkId> works = new HashMap<>();
  private final Set<WorkId> touched = new HashSet<>();
  private final int limit;
  private final SimulatedJudge referee = new SimulatedJudge(this);
  private final Map<Long, Boolean> verdicts = new HashMap<>();
  private long numbers;

  /**
   * A journal.
   *
   * @param kept whether there is one
   * @param lenient whether work may be done again after its result was published
   * @param limit of how many pieces of work something may be done
   */
  SimulatedJournal(Fate fate, boolean kept, boolean lenient, int limit) {
    this.fate = fate;
    this.kept = kept;
    this.lenient = lenient;
    this.limit = limit;
  }

  boolean isKept() {
    return kept;
  }

  /** Tells somebody of each entry. */
  void follow(Runnable follower) {
    followers.add(follower);
  }

  void unfollow(Runnable follower) {
    followers.remove(follower);
  }

  long append(JournalEntry entry) {
    Placed placed = new Placed(log.size(), Instant.EPOCH.plus(fate.now()), entry);
    log.add(placed);
    if (entry instanceof JournalEntry.Note note) {
      long act = ByteBuffer.wrap(note.value()).getLong();
      boolean mayGo = referee.mayGo(placed.offset(), placed.appendedAt(), note.value());
      verdicts.merge(act, mayGo, Boolean::logicalOr);
    }
    List.copyOf(followers).forEach(Runnable::run);
    return log.size() - 1L;
  }

  long end() {
    return log.size();
  }

  Placed get(long place) {
    return log.get((int) place);
  }

  /** A number for what is to be done about work. */
  long next(WorkId work) {
    works.put(++numbers, work);
    return numbers;
  }

  /** What a number is about. */
  WorkId workOf(long act) {
    return works.get(act);
  }

  /** Of how many pieces of work something may be done. */
  int limit() {
    return limit;
  }

  /** What was to be done is held: rightly, where the order of the journal says so. */
  void held(long act) {
    if (verdicts.getOrDefault(act, false)) {
      throw new Violation("work is held that the journal's order lets go: " + works.get(act));
    }
  }

  /** Something is done that cannot be undone. */
  void done(WorkId work, long act) {
    acts.computeIfAbsent(work, id -> new HashSet<>()).add(act);
    touched.add(work);
    if (touched.size() > limit) {
      throw new Violation("something is done about more pieces of work than " + limit);
    }
    Set<Long> result = named.get(work);
    if (!lenient && result != null && !result.contains(act)) {
      throw new Violation("something is done about " + work + " that its result does not name");
    }
  }

  /** The result of work becomes visible. */
  void published(WorkId work, Set<Long> names) {
    named.put(work, names);
    if (!lenient && !names.containsAll(acts.getOrDefault(work, Set.of()))) {
      throw new Violation("the result of " + work + " does not name all that was done");
    }
  }
}
