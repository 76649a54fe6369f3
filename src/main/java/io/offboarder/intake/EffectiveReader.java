package io.offboarder.intake;

import io.offboarder.intake.EffectiveDates.Choice;
import io.offboarder.intake.EffectiveDates.Extreme;
import io.offboarder.intake.EffectiveDates.Named;
import io.offboarder.intake.EffectiveDates.Numbers;
import io.offboarder.intake.Expression.Yields;
import io.offboarder.yaml.YamlNode;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the dates of a rule of its settings, and names all that is wrong with them. */
final class EffectiveReader {
  private static final String END_OF_DAY = "end-of-day";

  private final RuleReader rules;
  private final YamlNode written;
  private final YamlNode overrides;

  /**
   * A reader.
   *
   * @param written what the rule says
   * @param overrides what the settings say over it
   */
  EffectiveReader(RuleReader rules, YamlNode written, YamlNode overrides) {
    this.rules = rules;
    this.written = written;
    this.overrides = overrides;
  }

  EffectiveDates read(String rule) {
    written.only(Set.of("dates", "choose", "required", "zone", "time-of-day", "numbers"));
    Map<String, Expression> dates = new LinkedHashMap<>();
    if (!written.has("dates")) {
      written.fault("dates", "is missing");
    }
    Map<String, String> sources = written.section("dates");
    sources.forEach(
        (name, source) ->
            rules
                .compile(written, rule, "effective." + name, source, Yields.DATE)
                .ifPresent(date -> dates.put(name, date)));
    return new EffectiveDates(
        dates,
        choice(sources),
        isRequired(),
        zone(),
        timeOfDay(),
        written.oneOf("numbers", Numbers.class).orElse(null));
  }

  private YamlNode saying(String member) {
    return overrides.has(member) ? overrides : written;
  }

  private boolean isRequired() {
    String required = written.text("required").orElse("true");
    if (!required.equals("true") && !required.equals("false")) {
      written.fault("required", "is \"" + required + "\"; expected true or false");
    }
    return required.equals("true");
  }

  private Choice choice(Map<String, String> dates) {
    String word = saying("choose").text("choose").orElse(null);
    if (word == null) {
      if (dates.size() > 1) {
        written.fault("choose", "is missing; expected earliest, latest or the name of a date");
      }
      return Extreme.EARLIEST;
    }
    return switch (word) {
      case "earliest" -> Extreme.EARLIEST;
      case "latest" -> Extreme.LATEST;
      default -> named(word, dates);
    };
  }

  private Choice named(String word, Map<String, String> dates) {
    if (!dates.containsKey(word)) {
      written.fault(
          "choose",
          "is \""
              + word
              + "\"; expected earliest, latest or one of "
              + String.join(", ", dates.keySet()));
    }
    return new Named(word);
  }

  private @Nullable ZoneId zone() {
    YamlNode node = saying("zone");
    try {
      return node.text("zone").map(ZoneId::of).orElse(null);
    } catch (DateTimeException e) {
      node.fault("zone", "is no time zone; expected one such as UTC, +01:00 or Europe/Berlin");
      return null;
    }
  }

  private @Nullable LocalTime timeOfDay() {
    YamlNode node = saying("time-of-day");
    try {
      return node.text("time-of-day")
          .filter(text -> !text.equals(END_OF_DAY))
          .map(LocalTime::parse)
          .orElse(null);
    } catch (DateTimeException e) {
      node.fault(
          "time-of-day", "is no time of day; expected " + END_OF_DAY + " or one such as 17:00");
      return null;
    }
  }
}
