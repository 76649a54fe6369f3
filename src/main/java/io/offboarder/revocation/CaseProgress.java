package io.offboarder.revocation;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an outcome says of its case beside what was done: when that was due, and which other cases
 * it has to do with.
 *
 * @param dueAt when it is, or was, to be done; null for what did not wait
 * @param look of a second look, which one, from 1; 0 for every other outcome
 * @param related other cases
 */
public record CaseProgress(@Nullable Instant dueAt, int look, List<RelatedCase> related) {
  /** A case that did not wait and has to do with no other. */
  public static final CaseProgress NONE = new CaseProgress(null, 0, List.of());

  /** Copies the list. */
  public CaseProgress {
    related = List.copyOf(related);
  }

  /** The progress of a case that waits, or did, and has to do with no other. */
  public static CaseProgress due(Instant at) {
    return new CaseProgress(at, 0, List.of());
  }

  /**
   * Another case.
   *
   * @param status how it ended; null where that is not known, or it has not
   * @param at when it ended; null likewise
   */
  public record RelatedCase(
      String caseId, Relation relation, @Nullable String status, @Nullable Instant at) {}

  /** What another case is to this one. */
  public enum Relation {
    /** It was cancelled by this one. */
    CANCELLED,
    /** It had ended otherwise before this one could cancel it. */
    ENDED,
    /** It is a rescind that cancelled this one. */
    CANCELLED_BY,
    /** It is a newer schedule for the same subject. */
    REPLACED_BY;

    private final String word = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
      return word;
    }
  }
}
