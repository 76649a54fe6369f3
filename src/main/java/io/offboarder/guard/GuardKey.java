package io.offboarder.guard;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is counted together.
 *
 * @param org counted apart from others; empty where all are counted together
 */
public record GuardKey(Kind kind, String org) {

  /** What is done. */
  public enum Kind {
    /** A person's access is revoked. */
    TERMINATIONS,
    /** An app's access to an org is revoked. */
    DECOMMISSIONS;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The kind that a word names. */
    public static Optional<Kind> of(String word) {
      return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @Override
  public String toString() {
    return org.isEmpty() ? kind.toString() : kind + " in org " + org;
  }
}
