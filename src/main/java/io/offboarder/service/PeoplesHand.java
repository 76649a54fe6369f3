package io.offboarder.service;

import io.offboarder.cases.PersonsWord;
import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.commands.Said;
import io.offboarder.commands.TwoPeople;
import io.offboarder.guard.GuardFormat;
import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.guard.GuardReset;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what people say, in the order in which they said it. Every instance hears all of it: the
 * owner of a case does what is said of that, and the first copy of a guard's reset counts. Confined
 * to the event loop.
 *
 * @param pausing pauses this instance
 * @param twoPeople asks for a second word on cases; null where one is enough
 * @param announce says something to the guards of the whole group
 */
record PeoplesHand(
    Cases cases,
    PauseSwitch pausing,
    @Nullable TwoPeople twoPeople,
    Function<byte[], Future<Void>> announce,
    Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(PeoplesHand.class);

  /** So long guards know a reset again; one that was said before is not said to them once more. */
  private static final Duration RESETS_AFTER = Duration.ofHours(12);

  /** People have said these. */
  void heard(List<Said> all) {
    for (Said said : all) {
      PersonsCommand command = said.command();
      switch (command.verb()) {
        case PAUSE, RESUME -> pausing.heard(said);
        case RESET_GUARD -> {
          if (said.at().plus(RESETS_AFTER).isAfter(clock.instant())) {
            reset(command);
          }
        }
        case RELEASE, DISCARD -> about(said);
      }
    }
  }

  private void about(Said said) {
    PersonsCommand command = said.command();
    boolean release = command.verb() == Verb.RELEASE;
    if (twoPeople == null) {
      cases.say(
          command.cases(), new PersonsWord(release, command.by(), command.reason(), command.id()));
      return;
    }
    twoPeople
        .heard(said)
        .forEach(
            (caseId, first) ->
                cases.say(
                    List.of(caseId),
                    new PersonsWord(
                        release,
                        first.command().by() + " and " + command.by(),
                        first.command().reason() + "; " + command.reason(),
                        first.command().id() + " and " + command.id())));
  }

  private void reset(PersonsCommand command) {
    Kind kind = command.kind() == null ? null : Kind.of(command.kind()).orElse(null);
    if (command.kind() != null && kind == null) {
      LOG.error("Command {} resets the guard of an unknown kind; nothing is done", command.id());
      return;
    }
    LOG.info("{} resets the guard (command {})", command.by(), command.id());
    announce
        .apply(new GuardFormat().write(new GuardReset(command.id(), kind, command.org())))
        .onFailure(
            cause ->
                LOG.warn(
                    "the reset of command {} could not be passed on: {}",
                    command.id(),
                    cause.getMessage()));
  }
}
