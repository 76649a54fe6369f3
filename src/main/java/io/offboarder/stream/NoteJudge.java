package io.offboarder.stream;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides which notes may be acted on, from all that a group's journal says in its order. Every
 * instance has a judge of its own, and all must come to the same: a judge goes by what it is given
 * here, and by nothing else, and its own words in the journal tell it what lies too far back.
 *
 * <p>It hears all notes, also those of instances that had lost their partition when they wrote. An
 * instance that reads from further back would know better which notes these are, but all judges are
 * to know the same. It does no harm: the next owner's notes are about the same work.
 *
 * <p>Called on one thread of the engine, which it must not block. Must not throw.
 */
public interface NoteJudge {

  /** Lets everything go, and need not know anything. */
  NoteJudge NONE =
      new NoteJudge() {
        @Override
        public Duration memory() {
          return Duration.ZERO;
        }

        @Override
        public void begin(long offset, Instant from) {}

        @Override
        public boolean mayGo(long offset, Instant at, byte[] note) {
          return true;
        }

        @Override
        public void announced(long offset, Instant at, byte[] announcement) {}

        @Override
        public byte @Nullable [] announcement() {
          return null;
        }
      };

  /** How much of the journal's own time, before its end, a judge has to hear. Does not change. */
  Duration memory();

  /**
   * Forgets everything: the journal is read from this place on.
   *
   * @param offset 0 where the journal itself begins there
   * @param from the time since which nothing is left out: {@link #memory} before the last entry
   */
  void begin(long offset, Instant from);

  /**
   * A note.
   *
   * @param offset in the journal
   * @param at when the journal took it in; may be a little before the one before
   * @return whether what it speaks of may be done
   */
  boolean mayGo(long offset, Instant at, byte[] note);

  /** What a judge has said, this one or another instance's, or a person to all of them. */
  void announced(long offset, Instant at, byte[] announcement);

  /**
   * What it has to say now, to judges that begin later; null for nothing. Asked when it has heard
   * the journal to its end; no work begins before what it says at the first time stands there too.
   */
  byte @Nullable [] announcement();
}
