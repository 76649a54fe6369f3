package io.offboarder.intake;

import io.offboarder.intake.Expression.InvalidException;
import io.offboarder.intake.Expression.Yields;
import io.offboarder.intake.LookupTable.UnusableException;
import io.offboarder.intake.Rule.Batch;
import io.offboarder.intake.Rule.Ignore;
import io.offboarder.intake.Rule.Making;
import io.offboarder.text.Glob;
import io.offboarder.yaml.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes rules of settings, and names all that is wrong with them. For one use. */
final class RuleReader {
  private static final int DEEPEST = 2;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,60}");
  private static final Set<String> COMMON =
      Set.of("name", "topics", "when", "tables", "tokens", "trust");
  private static final Set<String> BATCH = Set.of("events", "rules");
  private static final Set<String> MAPPING =
      Set.of(
          "action", "id", "time", "source", "subject", "effective", "reason", "immediate-reasons");
  private static final Set<String> SUBJECT =
      Set.of(
          "personId",
          "personEmail",
          "clientId",
          "orgId",
          "applicationName",
          "eventId",
          "eventSource");

  /** What an entry with a preset says of itself, and not of the preset's rules. */
  private static final Set<String> ENTRY = Set.of("preset", "name", "tables");

  private final List<String> faults;
  private final @Nullable Map<String, LookupTable> given;
  private final Map<LookupTable.Source, LookupTable> read = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  /**
   * A reader.
   *
   * @param faults takes a line for each fault
   * @param given what tables hold, by their names; null: they are read from their files
   */
  RuleReader(List<String> faults, @Nullable Map<String, LookupTable> given) {
    this.faults = faults;
    this.given = given;
  }

  /** The tables that were read from files. */
  List<LookupTable> tables() {
    return List.copyOf(read.values());
  }

  /** What a rule takes from what stands around it. */
  private record Around(
      String prefix, Map<String, LookupTable> tables, Map<String, Object> overrides, int depth) {}

  /** The rules of a list in the settings, in which a preset stands for all of its rules. */
  List<Rule> rules(List<?> nodes, String place) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      YamlNode node = YamlNode.of(place + "[" + i + "]", nodes.get(i), faults::add);
      if (node.has("preset")) {
        rules.addAll(preset(node));
      } else if (nodes.get(i) instanceof Map) {
        rule(node, new Around("", Map.of(), Map.of(), 0)).ifPresent(rules::add);
      }
    }
    return rules;
  }

  private List<Rule> preset(YamlNode node) {
    node.only(
        Set.of(
            "preset",
            "name",
            "topics",
            "zone",
            "time-of-day",
            "choose",
            "immediate-reasons",
            "tables",
            "trust"));
    String name = node.text("preset").orElse("");
    Optional<Preset> preset = Preset.find(name);
    if (preset.isEmpty()) {
      node.fault("preset", "is \"" + name + "\"; expected one of " + Preset.names());
      return List.of();
    }
    String entry = node.text("name").orElse(name);
    if (!NAME.matcher(entry).matches() || !names.add(entry + "/")) {
      node.fault(
          node.has("name") ? "name" : "preset",
          "is \""
              + entry
              + "\"; expected letters, digits, dots, hyphens and underscores, and no name twice: give this entry a name"
              + " of its own");
      return List.of();
    }
    Map<String, LookupTable> tables = tables(node);
    preset.get().tables().keySet().stream()
        .filter(table -> !node.has("tables") || !node.child("tables").has(table))
        .forEach(
            table ->
                node.fault("tables", "has no " + table + ": " + preset.get().tables().get(table)));
    return presetRules(preset.get(), node, tables);
  }

  /** A preset's rules, as the settings change them. */
  List<Rule> presetRules(Preset preset, YamlNode changes, Map<String, LookupTable> tables) {
    Map<String, Object> overrides = new LinkedHashMap<>();
    changes
        .members()
        .forEach(
            (member, value) -> {
              if (!ENTRY.contains(member)) {
                overrides.put(String.valueOf(member), value);
              }
            });
    List<Rule> rules = new ArrayList<>();
    String entry = changes.text("name").orElse(preset.name());
    Around around = new Around(entry + "/", tables, overrides, 0);
    for (Object node : preset.rules()) {
      String place = changes.place() + ": preset " + preset.name();
      rule(YamlNode.of(place, node, faults::add), around).ifPresent(rules::add);
    }
    return rules;
  }

  private Optional<Rule> rule(YamlNode written, Around around) {
    String own = written.required("name").orElse("");
    String name = around.prefix() + own;
    if (!own.isEmpty() && (!NAME.matcher(own).matches() || !names.add(name))) {
      written.fault(
          "name",
          "is \""
              + own
              + "\"; expected letters, digits, dots, hyphens and underscores, and no name twice");
    }
    YamlNode node =
        new YamlNode(written.place() + " (" + name + ")", written.members(), faults::add);
    boolean isBatch = node.has("events");
    Set<String> allowed = new HashSet<>(COMMON);
    allowed.addAll(isBatch ? BATCH : MAPPING);
    node.only(allowed);
    Map<String, LookupTable> tables = new HashMap<>(around.tables());
    tables.putAll(tables(node));
    Around within = new Around(name + "/", tables, around.overrides(), around.depth() + 1);
    Optional<Making> making = isBatch ? batch(node, name, within) : mapping(node, name, around);
    Rule rule =
        new Rule(
            name,
            changed(node, around, "topics").globs("topics", Glob::exact),
            expression(node, name, "when", Yields.CONDITION).orElse(null),
            tables,
            tokens(node, around),
            making.orElse(new Ignore()));
    return Optional.of(rule);
  }

  private Tokens tokens(YamlNode node, Around around) {
    Optional<String> asked = node.text("tokens");
    if (asked.filter(text -> !text.equals("true") && !text.equals("false")).isPresent()) {
      node.fault("tokens", "is \"" + asked.get() + "\"; expected true or false");
    }
    Optional<String> trust = changed(node, around, "trust").text("trust");
    if (trust.filter(text -> !text.equals("topic")).isPresent()) {
      node.fault("trust", "is \"" + trust.get() + "\"; expected topic");
    }
    boolean readsTokens = asked.filter("true"::equals).isPresent();
    return !readsTokens ? Tokens.NONE : trust.isPresent() ? Tokens.TRUSTED : Tokens.SIGNED;
  }

  private YamlNode overrides(YamlNode node, Around around) {
    return new YamlNode(node.place(), around.overrides(), faults::add);
  }

  private Optional<Making> batch(YamlNode node, String name, Around within) {
    if (within.depth() >= DEEPEST) {
      node.fault("events", "cannot stand within another's");
      return Optional.empty();
    }
    List<Rule> rules = new ArrayList<>();
    for (Object inner : node.list("rules")) {
      rule(YamlNode.of(node.place() + ": rules", inner, faults::add), within).ifPresent(rules::add);
    }
    return expression(node, name, "events", Yields.ARRAY).map(events -> new Batch(events, rules));
  }

  private Optional<Making> mapping(YamlNode node, String name, Around around) {
    node.required("action");
    // A wrong one is a fault already; what else is wrong with the rule is still to be found.
    Action action = node.oneOf("action", Action.class).orElse(Action.TERMINATE);
    if (action == Action.IGNORE) {
      MAPPING.stream()
          .filter(member -> !member.equals("action") && node.has(member))
          .sorted()
          .forEach(member -> node.fault(member, "has no meaning where nothing is done"));
      return Optional.of(new Ignore());
    }
    Map<String, Expression> attributes = new HashMap<>();
    for (String attribute : List.of("id", "time", "source")) {
      expression(node, name, attribute, Yields.NAME)
          .ifPresent(expression -> attributes.put(attribute, expression));
    }
    YamlNode changed = changed(node, around, "immediate-reasons");
    return Optional.of(
        new EventMapping(
            name,
            action,
            attributes,
            subject(node, name),
            node.has("effective") ? effective(node, name, around) : null,
            expression(node, name, "reason", Yields.NAME).orElse(null),
            changed.globs("immediate-reasons", Glob::ignoringCase)));
  }

  private YamlNode changed(YamlNode node, Around around, String member) {
    return around.overrides().containsKey(member) ? overrides(node, around) : node;
  }

  private Map<String, Expression> subject(YamlNode node, String name) {
    Map<String, Expression> subject = new LinkedHashMap<>();
    if (!node.has("subject")) {
      node.fault("subject", "is missing");
      return subject;
    }
    YamlNode members = node.child("subject");
    members.only(SUBJECT);
    for (Map.Entry<String, String> member : node.section("subject").entrySet()) {
      compile(node, name, "subject." + member.getKey(), member.getValue(), Yields.NAME)
          .ifPresent(expression -> subject.put(member.getKey(), expression));
    }
    return subject;
  }

  private EffectiveDates effective(YamlNode node, String name, Around around) {
    YamlNode dates =
        node.members().get("effective") instanceof Map
            ? node.child("effective")
            : new YamlNode(
                node.place() + ": effective",
                Map.of("dates", Map.of("date", String.valueOf(node.members().get("effective")))),
                faults::add);
    return new EffectiveReader(this, dates, overrides(node, around)).read(name);
  }

  private Map<String, LookupTable> tables(YamlNode node) {
    if (given != null) {
      return given;
    }
    Map<String, LookupTable> tables = new HashMap<>();
    if (node.has("tables")) {
      YamlNode section = node.child("tables");
      for (Object name : section.members().keySet()) {
        YamlNode table = section.child(String.valueOf(name));
        table.only(Set.of("file", "key", "value"));
        table(table).ifPresent(rows -> tables.put(String.valueOf(name), rows));
      }
    }
    return tables;
  }

  private Optional<LookupTable> table(YamlNode node) {
    Optional<String> file = node.required("file");
    Optional<String> key = node.required("key");
    Optional<String> value = node.required("value");
    if (file.isEmpty() || key.isEmpty() || value.isEmpty()) {
      return Optional.empty();
    }
    LookupTable.Source source = new LookupTable.Source(Path.of(file.get()), key.get(), value.get());
    try {
      LookupTable table = read.get(source);
      if (table == null) {
        table = LookupTable.read(source);
        read.put(source, table);
      }
      return Optional.of(table);
    } catch (UnusableException e) {
      faults.add(node.place() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Expression> expression(
      YamlNode node, String name, String member, Yields yields) {
    return node.text(member).flatMap(source -> compile(node, name, member, source, yields));
  }

  /** Compiles a member's expression; empty, and a fault, where it cannot be. */
  Optional<Expression> compile(
      YamlNode node, String name, String member, String source, Yields yields) {
    try {
      return Optional.of(
          Expression.compile(name + ": " + member, source, yields, Budget.cpuTime()));
    } catch (InvalidException e) {
      node.fault(member, e.getMessage() + "; it is: " + shortened(source));
      return Optional.empty();
    }
  }

  private static String shortened(String source) {
    String line = source.strip().replaceAll("\\s+", " ");
    return line.length() > 120 ? line.substring(0, 120) + "…" : line;
  }
}
