package io.offboarder.service;

import io.offboarder.cases.PersonsWord;
import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.commands.Said;
import io.offboarder.commands.TwoPeople;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does what people say, in the order in which they said it. Every instance hears all of it: the
 * owner of a case does what is said of that. Confined to the event loop.
 *
 * @param pausing pauses this instance
 * @param twoPeople asks for a second word on cases; null where one is enough
 * @param guard passes on what is said to the guard
 */
record PeoplesHand(
    Cases cases, PauseSwitch pausing, @Nullable TwoPeople twoPeople, GuardWords guard) {
  /** People have said these. */
  void heard(List<Said> all) {
    for (Said said : all) {
      PersonsCommand command = said.command();
      switch (command.verb()) {
        case PAUSE, RESUME -> pausing.heard(said);
        case RESET_GUARD, TRIP_GUARD -> guard.heard(said);
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
}
