package io.offboarder.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.intake.IntakeRules.InvalidException;
import io.offboarder.yaml.YamlNode;
import io.offboarder.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rules for what a vendor's system sends, as they come with the program.
 *
 * @param name in settings
 * @param title the system, and what it sends
 * @param needs what has to be set up, in words
 * @param tables what each of its tables has to hold, by the table's name
 * @param rules as written
 * @param samples what it is given, and what it makes of that
 * @param text all of it, as written
 */
public record Preset(
    String name,
    String title,
    String needs,
    Map<String, String> tables,
    List<Object> rules,
    List<Sample> samples,
    String text) {
  private static final String FOLDER = "/intake/presets/";

  /** Copies the collections. */
  public Preset {
    tables = Map.copyOf(tables);
    rules = List.copyOf(rules);
    samples = List.copyOf(samples);
  }

  /** The names of all presets, in their order. */
  public static List<String> names() {
    return resource("index").orElseThrow().lines().filter(line -> !line.isBlank()).toList();
  }

  /** The preset of this name. */
  public static Optional<Preset> find(String name) {
    return names().contains(name) ? resource(name + ".yaml").map(Preset::read) : Optional.empty();
  }

  private static Optional<String> resource(String name) {
    try (InputStream in = Preset.class.getResourceAsStream(FOLDER + name)) {
      return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(FOLDER + name, e);
    }
  }

  /**
   * Reads a preset.
   *
   * @throws IllegalArgumentException where it is none
   */
  static Preset read(String text) {
    List<String> faults = new ArrayList<>();
    YamlNode root = YamlNode.of("preset", YamlText.load(text), faults::add);
    root.only(
        java.util.Set.of("preset", "title", "follows", "needs", "tables", "rules", "samples"));
    String name = root.required("preset").orElse("");
    List<Sample> samples = new ArrayList<>();
    for (Object node : root.list("samples")) {
      samples.add(Sample.read(YamlNode.of("sample", node, faults::add), name));
    }
    Preset preset =
        new Preset(
            name,
            root.required("title").orElse(""),
            root.required("needs").orElse(""),
            root.section("tables"),
            root.list("rules"),
            samples,
            text);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return preset;
  }

  /**
   * The preset's rules for all topics, with a sample's tables; one that the sample does not have is
   * empty.
   *
   * @throws InvalidException where a rule is wrong
   */
  public IntakeRules rulesFor(Sample sample) throws InvalidException {
    Map<String, LookupTable> given = new HashMap<>();
    tables.keySet().forEach(table -> given.put(table, LookupTable.of(Map.of())));
    sample.tables().forEach((table, rows) -> given.put(table, LookupTable.of(rows)));
    List<String> faults = new ArrayList<>();
    YamlNode unchanged = new YamlNode("intake", Map.of(), faults::add);
    List<Rule> made = new RuleReader(faults, given).presetRules(this, unchanged, given);
    if (!faults.isEmpty()) {
      throw new InvalidException(faults);
    }
    return new IntakeRules(made, List.of());
  }
}
