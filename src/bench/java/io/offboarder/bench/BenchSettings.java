package io.offboarder.bench;

import io.offboarder.bench.run.Bounds;
import io.offboarder.bench.run.Contender;
import io.offboarder.bench.run.Scenario;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * What the system properties {@code offboarder.bench.*} say.
 *
 * @param rounds how often each scenario is run; the size's own number if empty
 * @param warmSeconds how long a contender runs before the window; the size's own if empty
 * @param measureSeconds how long the window is; the size's own if empty
 * @param scenarios which are run, by how their names begin; all if empty
 * @param contenders who is run; everybody if empty
 */
record BenchSettings(
    Profile profile,
    OptionalInt rounds,
    OptionalInt warmSeconds,
    OptionalInt measureSeconds,
    List<String> scenarios,
    List<Contender> contenders,
    Bounds bounds) {

  static BenchSettings fromSystemProperties() {
    return new BenchSettings(
        constant(Profile.class, "size", text("size", "short")),
        number("rounds"),
        number("warm-seconds"),
        number("measure-seconds"),
        list("scenarios"),
        list("contenders").stream()
            .map(name -> constant(Contender.class, "contenders", name))
            .toList(),
        new Bounds(
            number("concurrency").orElse(64),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Boolean.parseBoolean(text("jfr", "false"))));
  }

  /** What is to be run. */
  List<Scenario> plan() {
    Predicate<Scenario> wanted =
        scenario -> scenarios.isEmpty() || scenarios.stream().anyMatch(scenario.name()::startsWith);
    return profile.scenarios().stream()
        .filter(wanted)
        .map(scenario -> rounds.isPresent() ? scenario.withRounds(rounds.getAsInt()) : scenario)
        .map(
            scenario ->
                scenario.within(
                    seconds(warmSeconds, scenario.warm()),
                    seconds(measureSeconds, scenario.measure())))
        .map(this::filtered)
        .filter(scenario -> !scenario.contenders().isEmpty())
        .toList();
  }

  private static Duration seconds(OptionalInt given, Duration otherwise) {
    return given.isPresent() ? Duration.ofSeconds(given.getAsInt()) : otherwise;
  }

  /** On what and with what it is run. */
  Map<String, String> facts() {
    return Environment.of(profile, bounds);
  }

  private Scenario filtered(Scenario scenario) {
    return contenders.isEmpty()
        ? scenario
        : scenario.withContenders(
            scenario.contenders().stream().filter(contenders::contains).toList());
  }

  private static String text(String name, String otherwise) {
    String value = System.getProperty("offboarder.bench." + name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  private static List<String> list(String name) {
    return Arrays.stream(text(name, "").split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private static OptionalInt number(String name) {
    String value = text(name, "");
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(value);
      if (number > 0) {
        return OptionalInt.of(number);
      }
      throw wrong(name, value, "a number above 0");
    } catch (NumberFormatException e) {
      throw wrong(name, value, "a number above 0");
    }
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String name, String value) {
    String wanted = value.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(Objects.requireNonNull(type.getEnumConstants()))
        .filter(one -> one.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    name,
                    value,
                    "one of "
                        + Arrays.toString(type.getEnumConstants())
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-')));
  }

  private static IllegalArgumentException wrong(String name, String value, String expected) {
    return new IllegalArgumentException(
        "offboarder.bench." + name + " was '" + value + "', expected " + expected);
  }
}
