package io.offboarder.service;

import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.commands.Said;
import io.offboarder.guard.GuardFormat;
import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.guard.GuardReset;
import io.offboarder.guard.GuardTrip;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what people say to the guard, to the guards of the whole group. Every instance does:
 * the first copy counts. What was said long ago is passed on only if it is a trip that no later
 * word has reset, since it may be that no instance ran which heard it. Only what is said while this
 * one runs is logged. Confined to the event loop.
 */
final class GuardWords {
  private static final Logger LOG = LoggerFactory.getLogger(GuardWords.class);

  /** For how long guards recognise a copy as one, with room to spare. */
  private static final Duration KNOWN = Duration.ofHours(12);

  private final @Nullable Function<byte[], Future<Void>> announce;
  private final Clock clock;
  private final GuardFormat format = new GuardFormat();

  /** Which trip still stands, by what it is about. */
  private final Map<Kind, Said> trips = new EnumMap<>(Kind.class);

  /** Whether all is known that was said before this instance began. */
  private boolean live;

  /**
   * Nothing was said yet.
   *
   * @param announce says something to the guards of the whole group; null where the guard is off
   */
  GuardWords(@Nullable Function<byte[], Future<Void>> announce, Clock clock) {
    this.announce = announce;
    this.clock = clock;
  }

  /** A person has said this. */
  void heard(Said said) {
    PersonsCommand command = said.command();
    Kind about = command.kind() == null ? null : Kind.of(command.kind()).orElse(null);
    if (command.kind() != null && about == null) {
      LOG.error("Command {} is about an unknown kind; nothing is done", command.id());
      return;
    }
    boolean trip = command.verb() == Verb.TRIP_GUARD;
    for (Kind kind : about == null ? Kind.values() : new Kind[] {about}) {
      if (trip) {
        trips.put(kind, said);
      } else if (command.org() == null) {
        trips.remove(kind);
      }
    }
    if (isKnown(said)) {
      passOn(
          command,
          trip
              ? format.write(new GuardTrip(command.id(), about))
              : format.write(new GuardReset(command.id(), about, command.org())));
    }
  }

  /** All is known that was said before this instance began. */
  void known() {
    trips.forEach(
        (kind, said) -> {
          if (!isKnown(said)) {
            passOn(said.command(), format.write(new GuardTrip(said.command().id(), kind)));
          }
        });
    if (announce == null && !trips.isEmpty()) {
      Said last = trips.values().iterator().next();
      LOG.error(
          "{} has tripped the guard, which is off on this instance: nothing is held (command {})",
          last.command().by(),
          last.command().id());
    }
    live = true;
  }

  private boolean isKnown(Said said) {
    return said.at().plus(KNOWN).isAfter(clock.instant());
  }

  private void passOn(PersonsCommand command, byte[] word) {
    String does = command.verb() == Verb.TRIP_GUARD ? "trips" : "resets";
    if (announce == null) {
      if (live) {
        LOG.error(
            "{} {} the guard, which is off on this instance: nothing is done (command {})",
            command.by(),
            does,
            command.id());
      }
      return;
    }
    if (live) {
      LOG.info(
          "{} {} the guard: {} (command {})", command.by(), does, command.reason(), command.id());
    }
    announce
        .apply(word)
        .onFailure(
            cause ->
                LOG.warn(
                    "what command {} says to the guard could not be passed on: {}",
                    command.id(),
                    cause.getMessage()));
  }
}
