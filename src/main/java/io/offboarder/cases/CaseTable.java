package io.offboarder.cases;

import io.offboarder.cases.Cancellation.Cause;
import io.offboarder.cases.NextAct.Cancel;
import io.offboarder.cases.NextAct.Conclude;
import io.offboarder.cases.NextAct.Drop;
import io.offboarder.cases.NextAct.Obey;
import io.offboarder.cases.NextAct.Perform;
import io.offboarder.cases.NextAct.Wait;
import io.offboarder.cases.NextAct.WaitForOthers;
import io.offboarder.cases.NextAct.WaitForPerson;
import io.offboarder.cases.WaitingCase.Done;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All cases that wait, as the records of their topic say in its order: everybody who has read as
 * far has the same table. Says who cancels whom; ends nothing. For one thread.
 *
 * <p>What a rescind finds, it cancels at once, and so does a newer schedule; the cancelled case
 * stays until its owner has ended it. A rescind collects the ends of what it takes back.
 */
public final class CaseTable {
  private final CaseIndex index = new CaseIndex();
  private final Map<String, PersonsWord> words = new HashMap<>();

  private final int largestKept;

  /** An empty table, which keeps every case's record. */
  public CaseTable() {
    this(Integer.MAX_VALUE);
  }

  /**
   * An empty table.
   *
   * @param largestKept the largest record in bytes that is kept in memory as it lies on the topic
   */
  public CaseTable(int largestKept) {
    this.largestKept = largestKept;
  }

  /** A case that was waiting, or would have, and its end. */
  public record EndedCase(String caseId, CaseEnd end) {}

  /**
   * A case was put on the topic, or waits for something else now.
   *
   * @param json the record's value
   * @param offset the record's
   * @return the cases about which something may be to be done now
   */
  public Set<String> put(WaitingCase waiting, byte[] json, long offset) {
    CaseEntry entry = new CaseEntry(waiting, json.length > largestKept ? null : json, offset);
    Set<String> changed = new LinkedHashSet<>(Set.of(waiting.caseId()));
    CaseEntry before = index.remove(waiting.caseId());
    if (before != null) {
      entry.ended = before.ended;
    }
    index.add(entry);
    if (entry.is(CaseState.RELEASED)) {
      words.remove(waiting.caseId());
    }
    if (waiting.state().isRescind()) {
      index
          .alike(entry.event())
          .filter(other -> entry.event().takesBack(other.event()))
          .filter(other -> cancel(other, entry, Cause.RESCINDED))
          .forEach(other -> changed.add(other.waiting.caseId()));
      return changed;
    }
    entry.cancellation = cancellationOf(entry.event(), waiting.state()).orElse(null);
    if (entry.is(CaseState.SCHEDULED)) {
      index
          .alike(entry.event())
          .filter(other -> other.is(CaseState.SCHEDULED) && other.cancellation == null)
          .filter(other -> other.event().isOlderThan(entry.event()))
          .filter(other -> cancel(other, entry, Cause.REPLACED))
          .forEach(other -> changed.add(other.waiting.caseId()));
    }
    Done done = waiting.done();
    if (before != null && before.waiting.state().isOpen() && done != null) {
      tellRescinds(entry.event(), new CaseEnd(done.status(), null, done.at()), changed);
    }
    return changed;
  }

  /** Cancelled once, for good: the first reason in the topic's order is the reason. */
  private static boolean cancel(CaseEntry entry, CaseEntry by, Cause cause) {
    if (entry.cancellation != null) {
      return false;
    }
    entry.cancellation = new Cancellation(by.waiting.caseId(), cause);
    return true;
  }

  /**
   * A case was taken off the topic.
   *
   * @param end null where the record does not say how it ended
   * @return the cases about which something may be to be done now
   */
  public Set<String> end(String caseId, @Nullable CaseEnd end) {
    Set<String> changed = new LinkedHashSet<>(Set.of(caseId));
    CaseEntry before = index.remove(caseId);
    words.remove(caseId);
    if (end == null) {
      return changed;
    }
    CaseEntry by = end.by() == null ? null : index.find(end.by());
    if (before != null) {
      tellRescinds(before.event(), end, changed);
    } else if (by != null && by.is(CaseState.RESCIND)) {
      by.takesBack(new EndedCase(caseId, end));
      changed.add(by.waiting.caseId());
    }
    return changed;
  }

  private void tellRescinds(CaseEvent event, CaseEnd end, Set<String> changed) {
    EndedCase ended = new EndedCase(event.caseId(), end);
    openRescindsOf(event)
        .forEach(
            rescind -> {
              rescind.takesBack(ended);
              changed.add(rescind.waiting.caseId());
            });
  }

  private Stream<CaseEntry> openRescindsOf(CaseEvent event) {
    return index
        .alike(event)
        .filter(other -> other.is(CaseState.RESCIND) && other.event().takesBack(event));
  }

  /** What cancels an event that has not waited yet: a rescind that is here already. */
  public Optional<Cancellation> rescindOf(CaseEvent event) {
    return cancellationOf(event, CaseState.RELOOK);
  }

  /** What cancels an event that is to wait now: a rescind or a newer schedule. */
  public Optional<Cancellation> cancellationOf(CaseEvent event) {
    return cancellationOf(event, CaseState.SCHEDULED);
  }

  private Optional<Cancellation> cancellationOf(CaseEvent event, CaseState state) {
    if (index.isEmpty()) {
      return Optional.empty();
    }
    return index
        .alike(event)
        .flatMap(other -> cancellation(event, state, other).stream())
        .findFirst();
  }

  private static Optional<Cancellation> cancellation(
      CaseEvent event, CaseState state, CaseEntry other) {
    boolean waits = state == CaseState.SCHEDULED && other.is(CaseState.SCHEDULED);
    if (waits && event.isOlderThan(other.event())) {
      return Optional.of(new Cancellation(other.waiting.caseId(), Cause.REPLACED));
    }
    return other.waiting.state().isRescind() && other.event().takesBack(event)
        ? Optional.of(new Cancellation(other.waiting.caseId(), Cause.RESCINDED))
        : Optional.empty();
  }

  /** What waits under this id. */
  public Optional<WaitingCase> find(String caseId) {
    return Optional.ofNullable(index.find(caseId)).map(entry -> entry.waiting);
  }

  /** What is to be done next about a case that waits; empty where none waits under this id. */
  public Optional<NextAct> next(String caseId, Instant now) {
    return Optional.ofNullable(index.find(caseId)).map(entry -> next(entry, now));
  }

  private NextAct next(CaseEntry entry, Instant now) {
    WaitingCase waiting = entry.waiting;
    Cancellation cancellation = entry.cancellation;
    if (cancellation != null) {
      return new Cancel(cancellation);
    }
    if (waiting.due().isAfter(now)) {
      return new Wait(waiting.due());
    }
    return switch (waiting.state()) {
      case SCHEDULED, RELEASED, RELOOK -> new Perform();
      case HELD -> said(waiting);
      case RESCIND -> isAnyOpen(waiting.event()) ? new WaitForOthers() : new Conclude();
      case RESCIND_KEPT -> new Drop();
    };
  }

  private NextAct said(WaitingCase held) {
    PersonsWord word = words.get(held.caseId());
    return word == null ? new WaitForPerson() : new Obey(word);
  }

  /**
   * A person says what becomes of a case that is held, or will be known to be. The first word
   * counts.
   *
   * @return the cases about which something may be to be done now
   */
  public Set<String> say(String caseId, PersonsWord word) {
    words.putIfAbsent(caseId, word);
    return Set.of(caseId);
  }

  /**
   * Forgets what was said of these, where none of them is held: to be called when all is taken in
   * that lay on the topic when it was said. A person has seen that a case is held before.
   */
  public void forgetIdleWords(Collection<String> caseIds) {
    for (String caseId : caseIds) {
      CaseEntry entry = index.find(caseId);
      if (entry == null || !entry.is(CaseState.HELD)) {
        words.remove(caseId);
      }
    }
  }

  /** Of how many cases is known what a person has said. */
  int words() {
    return words.size();
  }

  /** The record of a case that waits; empty where it is too large to be kept here. */
  public Optional<byte[]> json(String caseId) {
    return Optional.ofNullable(index.find(caseId)).map(entry -> entry.json);
  }

  /** The offset of a case's record, which tells one wait of a case from its next; -1 for none. */
  public long version(String caseId) {
    CaseEntry entry = index.find(caseId);
    return entry == null ? -1 : entry.offset;
  }

  /** Whether something that a rescind takes back still waits for its end. */
  private boolean isAnyOpen(CaseEvent rescind) {
    return index
        .alike(rescind)
        .filter(other -> !other.waiting.state().isRescind())
        .anyMatch(other -> rescind.takesBack(other.event()));
  }

  /** What waits for the rescind's subject and is not taken back by it, because it is newer. */
  public Optional<WaitingCase> newerThan(String rescindId) {
    CaseEntry rescind = index.find(rescindId);
    return rescind == null
        ? Optional.empty()
        : index
            .alike(rescind.event())
            .filter(other -> other.waiting.state().isOpen() && other.cancellation == null)
            .filter(other -> rescind.event().comesTooEarlyFor(other.event()))
            .map(other -> other.waiting)
            .findFirst();
  }

  /** What a rescind takes back and has ended since the rescind was put on the topic. */
  public EndedCases endedSince(String rescindId) {
    CaseEntry entry = index.find(rescindId);
    EndedCases ended = entry == null ? null : entry.ended;
    return ended == null ? new EndedCases(rescindId) : ended;
  }

  /** All that waits. Not to be kept while the table changes. */
  public Collection<WaitingCase> all() {
    return index.all().stream().map(entry -> entry.waiting).toList();
  }

  /** What waits of one partition of the input. */
  public List<WaitingCase> of(String topic, int partition) {
    return index.of(topic, partition).stream().map(entry -> entry.waiting).toList();
  }

  /** How many cases there are in each state. */
  public Map<CaseState, Integer> counts() {
    return index.counts();
  }
}
