package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.Placed;
import io.offboarder.stream.JournalTail.Event;
import io.offboarder.stream.JournalTail.Event.Restored;
import io.offboarder.stream.JournalTail.Event.Superseded;
import io.offboarder.stream.JournalTail.Restoring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims partitions that came in the journal, and gives them the notes that former owners took
 * there; until then nothing of them is admitted. Confined to the Kafka thread.
 *
 * <p>A claim may reach the journal long after the committed offsets were read. Meanwhile another
 * owner may have come, claimed, and finished what these offsets call open. So what was read counts
 * only if this instance still owns the partitions once its claim is in the journal, which a commit
 * shows. An owner that comes after that commit claims after this claim.
 */
final class NotesRestoration {
  private static final Logger LOG = LoggerFactory.getLogger(NotesRestoration.class);

  private static final Duration BETWEEN_CLAIMS = Duration.ofMillis(100);

  private final Journal journal;
  private final JournalTail tail;
  private final Assignment assignment;
  private final LoopClock clock;
  private final FailureBackoff failures;
  private final FailureBackoff commits;

  private Duration claimAt = Duration.ZERO;

  /** What the claim under way is for. */
  private @Nullable List<Partition> claiming;

  NotesRestoration(Journal journal, JournalTail tail, Assignment assignment, LoopClock clock) {
    this.journal = journal;
    this.tail = tail;
    this.assignment = assignment;
    this.clock = clock;
    this.failures = new FailureBackoff("reading the journal", clock);
    this.commits = new FailureBackoff("taking partitions over", clock);
  }

  /**
   * Goes on with it.
   *
   * @param owner told of partitions whose notes are known now; commits for them, or throws
   * @param superseded told of partitions that somebody else has claimed after this instance
   * @throws StreamFailure if waiting does not heal it
   */
  void turn(Consumer<List<Partition>> owner, Consumer<Partition> superseded) {
    look();
    journal.turn(assignment.isCrowded());
    for (Event event = tail.poll(); event != null; event = tail.poll()) {
      if (event instanceof Restored restored) {
        takeOver(restored(restored), owner);
      } else {
        superseded((Superseded) event).forEach(superseded);
      }
    }
    claim();
  }

  private void look() {
    RuntimeException problem = tail.problem();
    if (problem == null) {
      failures.over();
      return;
    }
    StreamFailure failure = KafkaErrors.failure("reading the journal", problem);
    if (failure != null) {
      throw failure;
    }
    if (!failures.isBackingOff()) {
      failures.failed(problem);
    }
  }

  private void claim() {
    if (claiming != null || !tail.isFollowing() || clock.now().compareTo(claimAt) < 0) {
      return;
    }
    List<Partition> fresh =
        assignment.partitions().stream()
            .filter(one -> one.isRestored() && one.isAwaitingNotes() && one.isOwned())
            .toList();
    if (fresh.isEmpty()) {
      return;
    }
    Map<TopicPartition, LongPredicate> finished = new HashMap<>();
    fresh.forEach(one -> finished.put(one.id(), one.ledger().finishedNow()));
    long from = fresh.stream().mapToLong(one -> one.ledger().journal()).min().orElseThrow();
    claiming = fresh;
    journal.claim(new Restoring(from, finished));
  }

  private List<Partition> restored(Restored restored) {
    List<Partition> claimed = claiming == null ? List.of() : claiming;
    claiming = null;
    List<Partition> known = new ArrayList<>();
    int notes = 0;
    for (Partition partition : claimed) {
      if (!partition.isGone()) {
        List<Placed> found = restored.notes().getOrDefault(partition.id(), List.of());
        partition.noted(new PartitionNotes(restored.claim(), found));
        known.add(partition);
        notes += found.size();
      }
    }
    if (notes > 0) {
      LOG.info("{} notes of unfinished work were found in the journal", notes);
    }
    return known;
  }

  /** Those that cannot be committed for now are claimed once more. */
  private void takeOver(List<Partition> known, Consumer<List<Partition>> owner) {
    if (known.isEmpty()) {
      return;
    }
    try {
      owner.accept(known);
      commits.over();
    } catch (RuntimeException e) {
      known.forEach(Partition::awaitNotes);
      claimAt = clock.now().plus(BETWEEN_CLAIMS);
      if (e instanceof RebalanceInProgressException || e instanceof CommitFailedException) {
        LOG.debug("The group distributes its partitions again; claiming what is left after it");
        return;
      }
      StreamFailure failure = KafkaErrors.failure("taking partitions over", e);
      if (failure != null) {
        throw failure;
      }
      commits.failed(e);
    }
  }

  private List<Partition> superseded(Superseded event) {
    return assignment.of(List.of(event.partition())).stream()
        .filter(one -> !one.isAwaitingNotes() && one.notes().claim() == event.claim())
        .toList();
  }

  /** For how long the journal could not be written, or not be read; zero if it can. */
  Duration failingFor() {
    Duration reading = failures.lasts();
    Duration writing = journal.failingFor();
    return reading.compareTo(writing) > 0 ? reading : writing;
  }

  /** What stands in the way, in words; empty if nothing does. */
  String problem() {
    return Stream.of(failures.reason(), commits.reason(), journal.problem())
        .filter(reason -> !reason.isEmpty())
        .findFirst()
        .orElse("");
  }
}
