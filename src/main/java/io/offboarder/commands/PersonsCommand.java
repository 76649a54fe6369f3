package io.offboarder.commands;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a person has said.
 *
 * @param id names the command
 * @param cases that it is about; empty where it is about none
 * @param kind of what the guard counts; null for all
 * @param org that it is about; null for all
 * @param by who says so
 * @param reason why, in that person's words
 * @param at when it was said
 */
public record PersonsCommand(
    String id,
    Verb verb,
    List<String> cases,
    @Nullable String kind,
    @Nullable String org,
    String by,
    String reason,
    Instant at) {

  /** Copies the list. */
  public PersonsCommand {
    cases = List.copyOf(cases);
  }

  /** What is to be done. */
  public enum Verb {
    /** Cases that are held are to be done. */
    RELEASE,
    /** Cases that are held are not to be done. */
    DISCARD,
    /** A guard that has tripped is to begin again. */
    RESET_GUARD,
    /** The guard is to hold everything from now on. */
    TRIP_GUARD,
    /** The whole group is to begin nothing more. */
    PAUSE,
    /** The group is to go on. */
    RESUME;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The verb that a word names. */
    static Optional<Verb> of(String word) {
      return Stream.of(values()).filter(verb -> verb.word.equals(word)).findFirst();
    }

    @Override
    public String toString() {
      return word;
    }
  }
}
