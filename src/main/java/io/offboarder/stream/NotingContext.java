package io.offboarder.stream;

import io.vertx.core.Future;
import java.util.List;

/** Accompanies an attempt at work whose notes go to the journal. Confined to the executor. */
final class NotingContext implements WorkContext {
  private final InFlightWork work;
  private final Journal journal;
  private final List<byte[]> earlier;
  private final Future<Void> released;

  NotingContext(InFlightWork work, Journal journal) {
    this.work = work;
    this.journal = journal;
    this.earlier = work.notes().all();
    this.released = work.attemptReleased();
  }

  @Override
  public boolean isWanted() {
    return work.partition().isOwned();
  }

  @Override
  public List<byte[]> earlierNotes() {
    return earlier;
  }

  @Override
  public Future<Void> released() {
    return released;
  }

  @Override
  public Future<Noted> note(byte[] note) {
    byte[] kept = note.clone();
    work.notes().appending(kept, journal.end());
    return journal.note(work, kept);
  }
}
