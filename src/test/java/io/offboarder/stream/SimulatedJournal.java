package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.Placed;
import io.offboarder.stream.JournalEntry.WorkId;
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
  private long numbers;

  /**
   * A journal.
   *
   * @param kept whether there is one
   * @param lenient whether work may be done again after its result was published
   */
  SimulatedJournal(Fate fate, boolean kept, boolean lenient) {
    this.fate = fate;
    this.kept = kept;
    this.lenient = lenient;
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
    log.add(new Placed(log.size(), Instant.EPOCH.plus(fate.now()), entry));
    List.copyOf(followers).forEach(Runnable::run);
    return log.size() - 1L;
  }

  long end() {
    return log.size();
  }

  Placed get(long place) {
    return log.get((int) place);
  }

  /** A number for what is to be done. */
  long next() {
    return ++numbers;
  }

  /** Something is done that cannot be undone. */
  void done(WorkId work, long act) {
    acts.computeIfAbsent(work, id -> new HashSet<>()).add(act);
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
