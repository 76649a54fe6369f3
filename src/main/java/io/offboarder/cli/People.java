package io.offboarder.cli;

import io.offboarder.event.Identifier;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.Person;
import io.offboarder.id.RestId;
import io.offboarder.text.Glob;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * People as the command line names them, each by an e-mail address, in any case and with {@code *}
 * for any characters, or by an id in any form.
 */
final class People {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final List<String> names;
  private final Set<String> comparable;
  private final List<Glob> patterns;

  /** The people of these names, none of them blank. */
  People(List<String> names) {
    this.names = List.copyOf(names);
    this.comparable = names.stream().map(People::comparable).collect(Collectors.toSet());
    this.patterns = names.stream().filter(People::isPattern).map(Glob::ignoringCase).toList();
  }

  /**
   * Those who are named, and those of a file with a name on each line.
   *
   * @param file null for none; - for standard input
   * @throws CommandFailure if a name is blank, or the file cannot be read or names nobody
   */
  static People of(List<String> named, @Nullable String file, Terminal terminal) {
    if (named.stream().anyMatch(String::isBlank)) {
      throw new CommandFailure(
          ExitCode.USAGE, List.of("--person names nobody; expected an address or an id"));
    }
    List<String> names = new ArrayList<>(named);
    if (file != null) {
      lines(file, terminal).stream()
          .map(line -> line.replace(BYTE_ORDER_MARK, "").strip())
          .filter(line -> !line.isEmpty())
          .forEach(names::add);
      if (names.isEmpty()) {
        throw new CommandFailure(
            ExitCode.USAGE,
            List.of("the file " + file + " names nobody; expected an address or id on each line"));
      }
    }
    return new People(names);
  }

  private static List<String> lines(String file, Terminal terminal) {
    try {
      return "-".equals(file)
          ? new BufferedReader(terminal.in()).lines().toList()
          : Files.readAllLines(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.USAGE, "the file " + file + " does not exist", e);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "the file " + file + " cannot be read as UTF-8 text", e);
    }
  }

  /** As they were given. */
  List<String> names() {
    return names;
  }

  /** Whether a subject is one of them. */
  boolean has(Subject subject) {
    return subject instanceof Person person
        && (namesOf(person).anyMatch(comparable::contains)
            || (person.personEmail() != null
                && patterns.stream().anyMatch(one -> one.matches(person.personEmail()))));
  }

  /** The names of those of whom none of these is. */
  List<String> without(List<Subject> subjects) {
    List<Person> persons =
        subjects.stream().filter(Person.class::isInstance).map(Person.class::cast).toList();
    Set<String> found = persons.stream().flatMap(People::namesOf).collect(Collectors.toSet());
    return names.stream()
        .filter(
            name ->
                isPattern(name)
                    ? persons.stream().noneMatch(new People(List.of(name))::has)
                    : !found.contains(comparable(name)))
        .toList();
  }

  private static Stream<String> namesOf(Person person) {
    return Stream.of(
            Optional.ofNullable(person.personEmail()),
            Optional.ofNullable(person.personId()).map(Identifier::value),
            Optional.ofNullable(person.personId()).map(Identifier::received))
        .flatMap(Optional::stream)
        .map(People::comparable);
  }

  /** Addresses are the same in every case, ids in every form. */
  static String comparable(String name) {
    return name.indexOf('@') < 0
        ? RestId.comparableInAnyForm(name, RestId.PEOPLE)
        : name.toLowerCase(Locale.ROOT);
  }

  private static boolean isPattern(String name) {
    return name.indexOf('*') >= 0;
  }
}
