package io.offboarder.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.commands.CommandHistory;
import io.offboarder.commands.PersonsCommand;
import io.offboarder.config.GuardConfig;
import io.offboarder.guard.GuardKey;
import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.guard.GuardState.Trip;
import io.offboarder.service.GuardStanding;
import io.offboarder.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the guard stands, for a person or a program.
 *
 * @param commands what people have said, where that is of interest
 * @param held how many cases wait for a person, for any reason
 */
record GuardReport(GuardConfig bounds, GuardStanding standing, CommandHistory commands, long held) {

  /** For a person, a line for each thing. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      int limit = limit(kind);
      String bound =
          limit == 0
              ? "off: any number"
              : "at most "
                  + Figures.count(limit)
                  + " in "
                  + Figures.time(bounds.window())
                  + (bounds.perOrg() ? ", each org for itself" : ", all orgs together");
      lines.add(line(kind.toString(), bound + "; " + touched(kind)));
    }
    for (Trip trip : standing.state().trips()) {
      PersonsCommand word = word(trip);
      lines.add(
          line(
              "tripped",
              trip.key()
                  + " since "
                  + trip.at()
                  + (word == null ? "" : " by " + word.by() + ": " + word.reason())));
    }
    lines.add(line("held", Figures.counted(held, "case")));
    return lines;
  }

  private @Nullable PersonsCommand word(Trip trip) {
    return trip.key().isByHand() ? commands.lastTrip(trip.key().kind().toString()) : null;
  }

  private static String line(String name, String words) {
    return TerminalText.left(name, 15) + TerminalText.printable(words);
  }

  private String touched(Kind kind) {
    List<Map.Entry<GuardKey, Integer>> used = used(kind);
    if (used.isEmpty()) {
      return "none touched";
    }
    return String.join(
        ", ",
        used.stream()
            .map(
                one ->
                    Figures.count(one.getValue())
                        + " touched"
                        + (one.getKey().org().isEmpty() ? "" : " in org " + one.getKey().org()))
            .toList());
  }

  private List<Map.Entry<GuardKey, Integer>> used(Kind kind) {
    return standing.used().entrySet().stream()
        .filter(one -> one.getKey().kind() == kind && one.getValue() > 0)
        .sorted(Comparator.comparing(one -> one.getKey().org()))
        .toList();
  }

  private int limit(Kind kind) {
    return kind == Kind.TERMINATIONS ? bounds.terminations() : bounds.decommissions();
  }

  /** For a program, one object. */
  String json() {
    ObjectNode json = new JsonMapper().createObjectNode();
    json.put("window", bounds.window().toString()).put("perOrg", bounds.perOrg());
    for (Kind kind : Kind.values()) {
      ObjectNode one = json.putObject(kind.toString()).put("limit", limit(kind));
      ArrayNode touched = one.putArray("touched");
      for (Map.Entry<GuardKey, Integer> used : used(kind)) {
        touched.addObject().put("org", used.getKey().org()).put("count", used.getValue());
      }
    }
    ArrayNode tripped = json.putArray("tripped");
    for (Trip trip : standing.state().trips()) {
      ObjectNode one =
          tripped
              .addObject()
              .put("kind", trip.key().kind().toString())
              .put("org", trip.key().org())
              .put("since", trip.at().toString());
      PersonsCommand word = word(trip);
      if (word != null) {
        one.put("by", word.by()).put("reason", word.reason());
      }
    }
    json.put("held", held);
    return Printable.json(json.toString());
  }
}
