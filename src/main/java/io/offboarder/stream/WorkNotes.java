package io.offboarder.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * The notes of one work, over all its attempts. Confined to the executor, but for {@link #lowest},
 * which the Kafka thread asks too.
 */
final class WorkNotes {
  /** Where the notes of work begin that has none. */
  static final long NONE = Long.MAX_VALUE;

  private final List<byte[]> all;
  private volatile long lowest = NONE;

  /**
   * Those of work that has not begun here.
   *
   * @param inherited the notes of a former owner's attempts, the oldest first
   */
  WorkNotes(List<byte[]> inherited) {
    all = new ArrayList<>(inherited);
  }

  /** All so far. */
  List<byte[]> all() {
    return List.copyOf(all);
  }

  /**
   * One more is about to be appended, though nothing may come of it.
   *
   * @param journalEnd where the journal has ended before; it ends there or beyond when the note
   *     comes
   */
  void appending(byte[] note, long journalEnd) {
    lowest = Math.min(lowest, journalEnd);
    all.add(note);
  }

  /** A place in the journal at or before all that were appended here. */
  long lowest() {
    return lowest;
  }
}
