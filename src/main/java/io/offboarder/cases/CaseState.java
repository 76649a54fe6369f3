package io.offboarder.cases;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a case is on the cases' topic. */
public enum CaseState {
  /** It is to be done when its time comes. */
  SCHEDULED,
  /** It waits for a person to release or to discard it. */
  HELD,
  /** A person has released it, and it is to be done. */
  RELEASED,
  /** It is done, and is looked at once more when its time comes. */
  RELOOK,
  /** A rescind that waits for the end of what it takes back. */
  RESCIND,
  /** A rescind that has ended, kept for what may still arrive; dropped when its time comes. */
  RESCIND_KEPT;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The state that a word names. */
  static Optional<CaseState> of(String word) {
    return Stream.of(values()).filter(state -> state.word.equals(word)).findFirst();
  }

  /** Whether nothing is done yet, and a rescind can keep it from being done. */
  public boolean isOpen() {
    return this == SCHEDULED || this == HELD || this == RELEASED;
  }

  /** Whether the final outcome of its event is still to come. */
  public boolean isToEnd() {
    return isOpen() || this == RESCIND;
  }

  /** Whether it is a rescind. */
  public boolean isRescind() {
    return this == RESCIND || this == RESCIND_KEPT;
  }

  @Override
  public String toString() {
    return word;
  }
}
