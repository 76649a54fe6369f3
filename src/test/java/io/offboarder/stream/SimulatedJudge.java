package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.WorkId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many pieces of work go and no more, as a guard without a window would: work that has gone
 * goes again, and counts once. Knows of each note what it is about from the journal that numbers
 * them.
 */
final class SimulatedJudge implements NoteJudge {
  private final SimulatedJournal journal;
  private final Set<WorkId> gone = new HashSet<>();

  SimulatedJudge(SimulatedJournal journal) {
    this.journal = journal;
  }

  @Override
  public Duration memory() {
    return Duration.ofDays(365);
  }

  @Override
  public void begin(long offset, Instant from) {
    gone.clear();
  }

  @Override
  public boolean mayGo(long offset, Instant at, byte[] note) {
    WorkId work = journal.workOf(ByteBuffer.wrap(note).getLong());
    if (gone.contains(work)) {
      return true;
    }
    return gone.size() < journal.limit() && gone.add(work);
  }

  @Override
  public void announced(long offset, Instant at, byte[] announcement) {}

  @Override
  public byte @Nullable [] announcement() {
    return null;
  }
}
