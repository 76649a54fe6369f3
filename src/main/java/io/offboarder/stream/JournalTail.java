package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.Announcement;
import io.offboarder.stream.JournalEntry.Claim;
import io.offboarder.stream.JournalEntry.Note;
import io.offboarder.stream.JournalEntry.Placed;
import io.offboarder.stream.JournalReader.Portion;
import io.offboarder.stream.JournalReader.Stretch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the journal, in its order. It follows the end, where it knows of every note whether it
 * counts: whether its writer was then the last to have claimed the partition. An instance whose
 * partitions were given to another without its knowledge learns from this that it must not act. It
 * tells a judge all that it reads, from as far back as the judge has to know, and asks it about
 * this engine's notes. And it reads what was noted of partitions that this instance has claimed.
 *
 * <p>Confined to a thread of its own, but for the queues to and from it.
 */
final class JournalTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalTail.class);

  /** How long to wait for an entry; who wants something else to be read ends it. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final String name;
  private final JournalReader end;
  private final JournalReader before;
  private final NoteJudge judge;

  /** Every entry that is appended from now on stands here or beyond. */
  private final AtomicLong knownEnd = new AtomicLong();

  private final Map<TopicPartition, Placed> claims = new HashMap<>();
  private final Queue<Pending> asked = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Pending> restoring = new ArrayDeque<>();
  private final Queue<Event> events = new ConcurrentLinkedQueue<>();
  private long next;

  /** Whether it has begun to read, and as far as the end that it saw then. */
  private boolean begun;

  private long endAtBegin;

  /** What the judge wants to be read by all, before this engine begins. */
  private byte @Nullable [] announcing;

  private volatile boolean following;
  private volatile @Nullable RuntimeException problem;

  /** A restoration whose claim stands in the journal. */
  private static final class Pending {
    final Restoring restoring;
    final long claim;
    final Map<TopicPartition, List<Placed>> found = new HashMap<>();
    long next;

    Pending(Restoring restoring, long claim) {
      this.restoring = restoring;
      this.claim = claim;
      // Where the journal does not reach as far as it once did, it is another one.
      this.next = restoring.from() > claim ? 0 : Math.max(0, restoring.from());
    }
  }

  /**
   * A tail that has read nothing yet.
   *
   * @param name of this engine's run
   * @param end follows the journal's end
   * @param before reads what stands before a claim, and tells where the journal ends
   */
  JournalTail(String name, JournalReader end, JournalReader before, NoteJudge judge) {
    this.name = name;
    this.end = end;
    this.before = before;
    this.judge = judge;
  }

  /**
   * What a new owner of partitions wants to know.
   *
   * @param from the place in the journal before which nothing of interest stands
   * @param finished of each partition, the records whose notes are of no interest
   */
  record Restoring(long from, Map<TopicPartition, LongPredicate> finished) {
    Restoring {
      finished = Map.copyOf(finished);
    }

    Claim claim(String writer) {
      return new Claim(writer, finished.keySet());
    }

    private boolean wants(Note note) {
      LongPredicate over = finished.get(note.work().partition());
      return over != null && (note.work().late() || !over.test(note.work().offset()));
    }
  }

  /** What is handed to the Kafka thread. */
  sealed interface Event {
    /** All was read that was noted before the claim at this place. */
    record Restored(long claim, Restoring restoring, Map<TopicPartition, List<Placed>> notes)
        implements Event {}

    /** Another engine has claimed a partition after this one had, at this place. */
    record Superseded(TopicPartition partition, long claim) implements Event {}
  }

  /** What has happened, or null; on the Kafka thread. */
  @Nullable Event poll() {
    return events.poll();
  }

  /** Where the journal is known to have ended. From any thread. */
  long knownEnd() {
    return knownEnd.get();
  }

  /** An entry was appended here. From any thread. */
  void appended(long offset) {
    knownEnd.accumulateAndGet(offset + 1, Math::max);
  }

  /** Whether it is at the end, so that it will see what is appended from now on. */
  boolean isFollowing() {
    return following;
  }

  /** Why it could not read just now; null if it could. */
  @Nullable RuntimeException problem() {
    return problem;
  }

  /** Reads what stands before a claim; from any thread. */
  void restore(Restoring wanted, long claim) {
    asked.add(new Pending(wanted, claim));
    wake();
  }

  /** Ends a wait for something to read; from any thread. */
  void wake() {
    end.wake();
  }

  /**
   * Reads on, and waits for a moment if there is nothing to read.
   *
   * @return whether it could
   */
  boolean turn(Journal journal) {
    try {
      if (!begun) {
        long known = before.end();
        begin(known, known);
      }
      follow(journal, restoring.isEmpty() && following ? PATIENCE : Duration.ZERO);
      announce(journal);
      for (Pending one = asked.poll(); one != null; one = asked.poll()) {
        restoring.add(one);
      }
      if (!restoring.isEmpty()) {
        restore(restoring.element());
      }
      problem = null;
      return true;
    } catch (RuntimeException e) {
      problem = e;
      return false;
    }
  }

  /** Reads from here, or from further back if the judge has to know that. */
  private void begin(long from, long known) {
    next = from;
    if (!judge.memory().isZero()) {
      Stretch stretch = before.since(judge.memory());
      next = Math.min(from, stretch.begin());
      judge.begin(next, stretch.from());
    }
    endAtBegin = known;
    knownEnd.accumulateAndGet(known, Math::max);
    begun = true;
  }

  /** It is at the end; what the judge has to say to those who come later stands there as well. */
  private void announce(Journal journal) {
    if (next < endAtBegin || announcing != null) {
      return;
    }
    byte[] said = judge.announcement();
    announcing = said;
    if (said == null) {
      following = true;
    } else {
      journal.announce(said);
    }
  }

  private void follow(Journal journal, Duration patience) {
    Portion portion = end.read(next, patience);
    if (portion.from() != next) {
      gap();
      begin(portion.from(), before.end());
      return;
    }
    for (Placed placed : portion.entries()) {
      if (placed.entry() instanceof Note note) {
        boolean mayGo = judge.mayGo(placed.offset(), placed.appendedAt(), note.value());
        if (note.writer().equals(name)) {
          Placed claim = claims.get(note.work().partition());
          journal.readBack(note, claim != null && claim.offset() == note.claim(), mayGo);
        }
      } else if (placed.entry() instanceof Announcement announcement) {
        judge.announced(placed.offset(), placed.appendedAt(), announcement.value());
        if (Arrays.equals(announcement.value(), announcing)) {
          announcing = null;
        }
      } else {
        claimed(placed, (Claim) placed.entry());
      }
    }
    next = portion.next();
    knownEnd.accumulateAndGet(next, Math::max);
  }

  private void claimed(Placed placed, Claim claim) {
    for (TopicPartition partition : claim.partitions()) {
      Placed former = claims.put(partition, placed);
      if (former != null && isOurs(former) && !isOurs(placed)) {
        events.add(new Event.Superseded(partition, former.offset()));
      }
    }
  }

  private boolean isOurs(Placed placed) {
    return placed.entry().writer().equals(name);
  }

  /** Something was lost that it has not read; it may have been a claim. It begins again. */
  private void gap() {
    following = false;
    begun = false;
    announcing = null;
    claims.forEach(
        (partition, claim) -> {
          if (isOurs(claim)) {
            events.add(new Event.Superseded(partition, claim.offset()));
          }
        });
    claims.clear();
  }

  private void restore(Pending one) {
    Portion portion = before.read(one.next, PATIENCE);
    if (portion.from() > one.next && one.next > 0) {
      LOG.warn(
          "The journal has lost its entries from {} to {}, which unfinished work may have noted; does"
              + " its topic keep them for long enough?",
          one.next,
          portion.from() - 1);
    }
    for (Placed placed : portion.entries()) {
      if (placed.offset() < one.claim
          && placed.entry() instanceof Note note
          && one.restoring.wants(note)) {
        one.found.computeIfAbsent(note.work().partition(), id -> new ArrayList<>()).add(placed);
      }
    }
    one.next = portion.next();
    if (one.next > one.claim) {
      restoring.remove();
      events.add(new Event.Restored(one.claim, one.restoring, one.found));
      supersedeAgain(one);
      if (restoring.isEmpty()) {
        before.close();
      }
    }
  }

  /** For what was superseded before its restoration had been reported. */
  private void supersedeAgain(Pending one) {
    for (TopicPartition partition : one.restoring.finished().keySet()) {
      Placed claim = claims.get(partition);
      if (claim != null && claim.offset() > one.claim && !isOurs(claim)) {
        events.add(new Event.Superseded(partition, one.claim));
      }
    }
  }

  @Override
  public void close() {
    try {
      end.close();
    } finally {
      before.close();
    }
  }
}
