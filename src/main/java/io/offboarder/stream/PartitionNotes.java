package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.Note;
import io.offboarder.stream.JournalEntry.Placed;
import io.offboarder.stream.JournalEntry.WorkId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * The notes of one partition's unfinished work, for as long as this instance owns it: those that
 * former owners left, and those of the work that it has begun. Confined to the Kafka thread, but
 * for {@link #claim}.
 */
final class PartitionNotes {
  private final long claim;
  private final Map<WorkId, Inherited> inherited = new LinkedHashMap<>();

  /**
   * What was started and has no committed result, and so may have notes or be about to: work too
   * that gave up, for its next attempt has to know of them.
   */
  private final Set<InFlightWork> started = Collections.newSetFromMap(new IdentityHashMap<>());

  private record Inherited(long lowest, List<byte[]> notes) {}

  /**
   * The notes as an owner finds them.
   *
   * @param claim where this owner's claim stands in the journal
   * @param found notes of this partition, in order
   */
  PartitionNotes(long claim, List<Placed> found) {
    this.claim = claim;
    for (Placed placed : found) {
      Note note = (Note) placed.entry();
      inherited
          .computeIfAbsent(note.work(), id -> new Inherited(placed.offset(), new ArrayList<>()))
          .notes()
          .add(note.value());
    }
  }

  /** Where this owner's claim stands in the journal. From any thread. */
  long claim() {
    return claim;
  }

  /** What former owners noted of this work. */
  List<byte[]> inheritedBy(WorkId work) {
    Inherited found = inherited.get(work);
    return found == null ? List.of() : found.notes();
  }

  /** Work is started. */
  void started(InFlightWork work) {
    started.add(work);
  }

  /** Those of a partition of an engine that keeps no journal. */
  static PartitionNotes withoutJournal() {
    return new PartitionNotes(OffsetMetadata.NOWHERE, List.of());
  }

  /**
   * Forgets notes that no attempt will ask for any more.
   *
   * @param ended work whose result was committed
   * @param finished the records that are
   */
  void committed(Collection<InFlightWork> ended, LongPredicate finished) {
    ended.forEach(started::remove);
    if (!inherited.isEmpty()) {
      ended.forEach(work -> inherited.remove(work.id()));
      inherited.keySet().removeIf(id -> !id.late() && finished.test(id.offset()));
    }
  }

  /** Forgets the inherited notes of late work that will not come any more. */
  void forgetLateWork(LongPredicate mayCome) {
    if (!inherited.isEmpty()) {
      inherited.keySet().removeIf(id -> id.late() && !mayCome.test(id.offset()));
    }
  }

  /**
   * Where in the journal the notes of this partition's unfinished work begin.
   *
   * @param journalEnd where the journal had ended, as it was known before this was called: all
   *     notes yet to come lie there or beyond
   * @param ending work that counts as finished
   */
  @SafeVarargs
  final long begin(long journalEnd, Collection<? extends InFlightWork>... ending) {
    if (claim == OffsetMetadata.NOWHERE) {
      return OffsetMetadata.NOWHERE;
    }
    Set<WorkId> ended = new HashSet<>();
    for (Collection<? extends InFlightWork> some : ending) {
      some.forEach(work -> ended.add(work.id()));
    }
    long begin = journalEnd;
    for (Map.Entry<WorkId, Inherited> entry : inherited.entrySet()) {
      if (!ended.contains(entry.getKey())) {
        begin = Math.min(begin, entry.getValue().lowest());
      }
    }
    for (InFlightWork work : started) {
      if (!ended.contains(work.id())) {
        begin = Math.min(begin, work.notes().lowest());
      }
    }
    return begin;
  }
}
