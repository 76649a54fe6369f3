package io.offboarder.cli;

import io.offboarder.event.Subject;
import io.offboarder.event.Subject.Person;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * People as the command line names them, each by an e-mail address or an id.
 *
 * @param names as they were given, none of them blank
 */
record People(List<String> names) {

  /** Copies the list. */
  People {
    names = List.copyOf(names);
  }

  /**
   * Those who are named, and those of a file with a name on each line.
   *
   * @param file null for none; - for standard input
   * @throws CommandFailure if the file cannot be read, or names nobody
   */
  static People of(List<String> named, @Nullable String file, Terminal terminal) {
    List<String> names = new ArrayList<>(named);
    if (file != null) {
      lines(file, terminal).stream()
          .map(String::strip)
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
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "the file " + file + " cannot be read as UTF-8 text", e);
    }
  }

  /** Whether a subject is one of them. */
  boolean has(Subject subject) {
    return names.stream().anyMatch(name -> isNamed(subject, name));
  }

  /** Those of whom none of these is. */
  List<String> without(List<Subject> subjects) {
    return names.stream()
        .filter(name -> subjects.stream().noneMatch(subject -> isNamed(subject, name)))
        .toList();
  }

  private static boolean isNamed(Subject subject, String name) {
    return subject instanceof Person person
        && (name.equalsIgnoreCase(person.personEmail())
            || (person.personId() != null
                && (name.equals(person.personId().value())
                    || name.equals(person.personId().received()))));
  }
}
