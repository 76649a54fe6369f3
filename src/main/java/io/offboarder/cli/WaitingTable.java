package io.offboarder.cli;

import io.offboarder.cases.WaitingCase;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Shows cases that wait as rows that fit a terminal's width. Immutable.
 *
 * @param columns how wide a row may be, or {@link OutcomeTable#UNLIMITED}
 * @param read the topics that events are read from; a case of another has no owner
 */
record WaitingTable(int columns, Collection<String> read) {

  /** The names of the columns. */
  String header() {
    return row("DUE", "STATE", "WHO", "EVENT", "CASE", "WHY");
  }

  /** One case. */
  String row(WaitingCase one) {
    return row(
        time(one.due()),
        one.state().toString(),
        who(one.event().subject()),
        Objects.requireNonNullElse(one.event().id(), ShownOutcome.NONE),
        one.caseId(),
        why(one));
  }

  private String why(WaitingCase one) {
    String topic = one.event().input().topic();
    return read.contains(topic) ? one.why() : "has no owner: nobody reads " + topic;
  }

  /** Whom or what it is about. */
  static String who(Subject subject) {
    if (subject instanceof Person person) {
      return person.personEmail() != null
          ? person.personEmail()
          : Objects.requireNonNull(person.personId()).value();
    }
    return subject instanceof App app ? "app " + app.clientId() : ShownOutcome.NONE;
  }

  private static String time(Instant at) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssX", Locale.ROOT)
        .withZone(ZoneOffset.UTC)
        .format(at);
  }

  private String row(
      String due, String state, String who, String event, String caseId, String why) {
    boolean whole = columns == OutcomeTable.UNLIMITED;
    String row =
        String.join(
            "  ",
            List.of(
                TerminalText.left(due, 20),
                TerminalText.left(state, 12),
                cell(who, 26, whole),
                cell(event, 14, whole),
                cell(caseId, 8, whole),
                TerminalText.printable(why)));
    return whole ? row : TerminalText.fitted(row, columns);
  }

  /** A case is named by the beginning of its id too. */
  private static String cell(String text, int cells, boolean whole) {
    String shown = TerminalText.printable(text);
    if (cells == 8 && !whole) {
      return TerminalText.left(shown.substring(0, Math.min(8, shown.length())), 8);
    }
    return TerminalText.left(whole ? shown : TerminalText.fitted(shown, cells), cells);
  }
}
