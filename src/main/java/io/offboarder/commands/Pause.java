package io.offboarder.commands;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The whole group is paused.
 *
 * @param by who says so
 * @param reason why, in that person's words
 * @param since when Kafka took in the first word that paused it
 * @param command the id of the last one
 */
public record Pause(String by, String reason, Instant since, String command) {

  /**
   * What a word makes of it.
   *
   * @param before null where the group was not paused
   * @return null where the group is not paused
   */
  public static @Nullable Pause after(@Nullable Pause before, Said said) {
    PersonsCommand command = said.command();
    return switch (command.verb()) {
      case PAUSE ->
          new Pause(
              command.by(),
              command.reason(),
              before == null ? said.at() : before.since(),
              command.id());
      case RESUME -> null;
      case RELEASE, DISCARD, RESET_GUARD, TRIP_GUARD -> before;
    };
  }

  @Override
  public String toString() {
    return "paused by " + by + " since " + since + ": " + reason;
  }
}
