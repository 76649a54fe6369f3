package io.offboarder.stream;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What accompanies one attempt at the work that a record asks for. */
public interface WorkContext {

  /**
   * False once the record's partition is being given up. May be asked from any thread. Work that
   * has had no effect by then should fail, so that the partition's next owner does all of it.
   */
  boolean isWanted();

  /**
   * The notes of earlier attempts at this record, here or by a former owner of its partition, the
   * oldest first; an attempt that died after it had noted something may have done it. Does not
   * change, and is empty without a journal.
   */
  List<byte[]> earlierNotes();

  /**
   * Writes down in the journal what this attempt is about to do. Every later attempt is given the
   * note, however this one ends. To be called on the executor that the work was started on, before
   * the work has ended.
   *
   * @return completes on that executor, once the note is durable: until then, nothing that it
   *     speaks of may be done. Fails only if the note can never be written, or the record's
   *     partition was given up meanwhile; while the journal cannot be reached it waits. Without a
   *     journal it succeeds at once
   */
  Future<Noted> note(byte[] note);

  /**
   * Completes, on any thread, once nothing is held for this attempt any more: its result is
   * committed, or it has failed, or its partition is gone.
   */
  Future<Void> released();

  /**
   * Where a note stands.
   *
   * @param journalOffset in the journal; -1 without one
   * @param appendedAt when the broker took it in; null without a journal
   * @param mayGo whether what it speaks of may be done, as the engine's {@link NoteJudge} says; if
   *     not, this attempt must not do it
   */
  record Noted(long journalOffset, @Nullable Instant appendedAt, boolean mayGo) {}
}
