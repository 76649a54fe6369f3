package io.offboarder.intake;

import io.offboarder.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rules, compiled and checked, in their order. Immutable but for the rows of their tables. */
public final class IntakeRules {
  /** No rules: all records are read as our events. */
  public static final IntakeRules NONE = new IntakeRules(List.of(), List.of());

  private final List<Rule> rules;
  private final List<LookupTable> tables;

  IntakeRules(List<Rule> rules, List<LookupTable> tables) {
    this.rules = List.copyOf(rules);
    this.tables = List.copyOf(tables);
  }

  /** Everything that is wrong with rules, a line for each fault. */
  public static final class InvalidException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    InvalidException(List<String> faults) {
      super(String.join("; ", faults), null, false, false);
      this.faults = List.copyOf(faults);
    }

    /** The lines; each names the rule, the member and, in an expression, the character. */
    public List<String> faults() {
      return faults;
    }
  }

  /**
   * Reads rules. Blocks on the files of their tables.
   *
   * @param text a list in YAML or JSON, or a settings file that has one at {@code
   *     offboarder.intake}
   * @param place of the list, for messages
   */
  public static IntakeRules read(String text, String place) throws InvalidException {
    Object root;
    try {
      root = YamlText.load(text);
      if (root instanceof Map<?, ?> file && file.get("offboarder") instanceof Map<?, ?> settings) {
        root = settings.get("intake");
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidException(List.of(place + " is no YAML: " + e.getMessage()));
    }
    if (root == null) {
      return NONE;
    }
    if (!(root instanceof List<?> nodes)) {
      throw new InvalidException(List.of(place + " is no list; expected rules and presets"));
    }
    List<String> faults = new ArrayList<>();
    RuleReader reader = new RuleReader(faults, null);
    List<Rule> rules = reader.rules(nodes, place);
    if (!faults.isEmpty()) {
      throw new InvalidException(faults);
    }
    return new IntakeRules(rules, reader.tables());
  }

  List<Rule> rules() {
    return rules;
  }

  /** The same rules for records of every topic: for a record that lies in none. */
  public IntakeRules forEveryTopic() {
    return new IntakeRules(
        rules.stream()
            .map(
                rule ->
                    new Rule(
                        rule.name(),
                        List.of(),
                        rule.when(),
                        rule.tables(),
                        rule.tokens(),
                        rule.making()))
            .toList(),
        tables);
  }

  /** The rules' names, in their order; those within a batch after it. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    collect(rules, names);
    return names;
  }

  private static void collect(List<Rule> rules, List<String> names) {
    for (Rule rule : rules) {
      names.add(rule.name());
      if (rule.making() instanceof Rule.Batch batch) {
        collect(batch.rules(), names);
      }
    }
  }

  /** The rules that read security event tokens of a topic whose signatures must be checked. */
  public List<String> needSignatures(String topic) {
    return rules.stream()
        .filter(rule -> rule.tokens() == Tokens.SIGNED && rule.isFor(topic))
        .map(Rule::name)
        .toList();
  }

  /** Whether any of them looks into a table. */
  public boolean hasTables() {
    return !tables.isEmpty();
  }

  /** Reads tables again whose files have changed. Blocks; from one thread at a time. */
  public void refreshTables() {
    tables.forEach(LookupTable::refresh);
  }
}
