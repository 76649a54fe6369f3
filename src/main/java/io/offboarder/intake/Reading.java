package io.offboarder.intake;

import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Rejected;
import java.util.List;
import java.util.stream.Collectors;

/** What the rules make of a record. */
public sealed interface Reading {

  /**
   * Nothing: it is read as one of our events, if it is one.
   *
   * @param rules that were looked at
   */
  record Unmatched(List<String> rules) implements Reading {
    private static final int MOST_NAMED = 12;

    /** Copies the list. */
    public Unmatched {
      rules = List.copyOf(rules);
    }

    /** What then became of the record, with the rules' names where that is nothing. */
    public Decoded describe(Decoded decoded) {
      if (rules.isEmpty() || !(decoded instanceof Rejected rejected)) {
        return decoded;
      }
      String names = rules.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
      String more =
          rules.size() > MOST_NAMED ? " and " + (rules.size() - MOST_NAMED) + " more" : "";
      String looked = "; no intake rule is for it: looked at " + names + more;
      return new Rejected(
          rejected.attributes(),
          rejected.subject(),
          rejected.error().and(looked, looked),
          rejected.notes());
    }
  }

  /**
   * Something.
   *
   * @param rule that the record is for
   * @param items one, or those of a batch in their order
   */
  record Matched(String rule, List<Item> items) implements Reading {

    /** Copies the list. */
    public Matched {
      items = List.copyOf(items);
    }
  }

  /** What one record, or one item of a batch, became. */
  sealed interface Item {

    /** The rule that it is for. */
    String rule();
  }

  /** Nothing, as the rule says. */
  record Ignored(String rule) implements Item {}

  /**
   * A case.
   *
   * @param index in the batch, from 0; {@link #ALONE} for a record that is no batch
   * @param decoded an event, or what is wrong with it
   * @param event as the rule made it, in JSON
   * @param isImmediate whether its reason made it take effect at once
   */
  record Case(String rule, int index, Decoded decoded, String event, boolean isImmediate)
      implements Item {
    /** The index of a case that is its record's only one. */
    public static final int ALONE = -1;
  }
}
