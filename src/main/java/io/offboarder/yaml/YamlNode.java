package io.offboarder.yaml;

import io.offboarder.text.Glob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of the settings as it was written, and where what is wrong with it is said. What is wrong
 * reads as if it were not there, so that all faults are found at once.
 *
 * @param place of the part, for messages
 * @param members as written
 * @param faults takes a line for each fault
 */
public record YamlNode(String place, Map<?, ?> members, Consumer<String> faults) {

  /** A part that has to be a section. */
  public static YamlNode of(String place, @Nullable Object node, Consumer<String> faults) {
    if (node instanceof Map<?, ?> members) {
      return new YamlNode(place, members, faults);
    }
    faults.accept(place + " is no section; expected members indented under it");
    return new YamlNode(place, Map.of(), faults);
  }

  /** Whether it has a member of this name that is not null. */
  public boolean has(String name) {
    return members.get(name) != null;
  }

  /** Says what is wrong with a member. */
  public void fault(String member, String words) {
    faults.accept(place + ": " + member + " " + words);
  }

  /** Says which members there must not be. */
  public void only(Set<String> allowed) {
    members.keySet().stream()
        .map(String::valueOf)
        .filter(name -> !allowed.contains(name))
        .sorted()
        .forEach(
            name ->
                fault(
                    name,
                    "is not known here; expected " + String.join(", ", new TreeSet<>(allowed))));
  }

  /** A text, also where YAML or JSON has a number or a boolean. */
  public Optional<String> text(String name) {
    Object member = members.get(name);
    if (member == null) {
      return Optional.empty();
    }
    if (member instanceof Map || member instanceof List) {
      fault(name, "is no text");
      return Optional.empty();
    }
    return Optional.of(member.toString().strip()).filter(text -> !text.isEmpty());
  }

  /** A text that must be there. */
  public Optional<String> required(String name) {
    if (!has(name)) {
      fault(name, "is missing");
    }
    return text(name);
  }

  /** Texts, or one. */
  public List<String> texts(String name) {
    Object member = members.get(name);
    if (member instanceof List<?> list) {
      return list.stream().map(String::valueOf).map(String::strip).toList();
    }
    return text(name).map(List::of).orElse(List.of());
  }

  /** A section's members as texts, in their order. */
  public Map<String, String> section(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (has(name)) {
      YamlNode section = child(name);
      section
          .members()
          .keySet()
          .forEach(
              key ->
                  section
                      .text(String.valueOf(key))
                      .ifPresent(text -> texts.put(String.valueOf(key), text)));
    }
    return texts;
  }

  /** The section that a member is. */
  public YamlNode child(String name) {
    return of(place + ": " + name, members.get(name), faults);
  }

  /** A list's sections. */
  public List<Object> list(String name) {
    if (members.get(name) instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    fault(name, "is no list");
    return List.of();
  }

  /** One of these words. */
  public <T extends Enum<T>> Optional<T> oneOf(String name, Class<T> type) {
    Optional<String> word = text(name);
    Optional<T> found =
        word.flatMap(
            text ->
                Stream.of(type.getEnumConstants())
                    .filter(one -> word(one).equals(text))
                    .findFirst());
    if (word.isPresent() && found.isEmpty()) {
      fault(
          name,
          "is \""
              + word.get()
              + "\"; expected "
              + Stream.of(type.getEnumConstants())
                  .map(YamlNode::word)
                  .collect(Collectors.joining(", ")));
    }
    return found;
  }

  private static String word(Enum<?> one) {
    return one.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** Patterns in which {@code *} stands for any characters. */
  public List<Glob> globs(String name, Function<String, Glob> made) {
    return texts(name).stream().map(made).toList();
  }
}
