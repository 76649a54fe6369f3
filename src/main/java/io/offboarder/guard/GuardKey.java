package io.offboarder.guard;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is counted together.
 *
 * @param org counted apart from others; empty where all are counted together, {@link #EVERY_ORG}
 *     where a person has tripped the guard
 */
public record GuardKey(Kind kind, String org) {
  /** Stands for all orgs, and for what names none. */
  static final String EVERY_ORG = "*";

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

  /** What a person trips. */
  static GuardKey byHand(Kind kind) {
    return new GuardKey(kind, EVERY_ORG);
  }

  /** Whether a person has tripped it, for all orgs. */
  public boolean isByHand() {
    return org.equals(EVERY_ORG);
  }

  /** Whether a trip of this holds what is counted there. */
  boolean covers(GuardKey other) {
    return kind == other.kind && (isByHand() || org.equals(other.org));
  }

  @Override
  public String toString() {
    return org.isEmpty() || isByHand() ? kind.toString() : kind + " in org " + org;
  }
}
