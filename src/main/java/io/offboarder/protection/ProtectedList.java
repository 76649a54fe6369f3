package io.offboarder.protection;

import io.offboarder.id.RestId;
import io.offboarder.text.Glob;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The persons and the clients that are never touched. Ids are compared in whichever form they are
 * written; addresses and names are patterns to which case does not matter. Immutable.
 */
public final class ProtectedList {
  /** Nobody and nothing. */
  public static final ProtectedList NONE =
      new ProtectedList(new Contents(List.of(), List.of(), List.of(), List.of()));

  private static final String APPLICATION = "APPLICATION";

  private final Contents contents;
  private final Map<String, Integer> personIds;
  private final Set<String> clientIds;
  private final List<Glob> addresses;
  private final List<Glob> names;

  /**
   * What the list has.
   *
   * @param personIds in any form of a REST id
   * @param addresses of persons, with {@code *} for any characters
   * @param clientIds OAuth client ids, or an app's REST ids
   * @param applicationNames with {@code *} for any characters
   */
  public record Contents(
      List<String> personIds,
      List<String> addresses,
      List<String> clientIds,
      List<String> applicationNames) {
    /** Copies the lists. */
    public Contents {
      personIds = List.copyOf(personIds);
      addresses = List.copyOf(addresses);
      clientIds = List.copyOf(clientIds);
      applicationNames = List.copyOf(applicationNames);
    }
  }

  /** A list of these. */
  public ProtectedList(Contents contents) {
    this.contents = contents;
    Map<String, Integer> persons = new HashMap<>();
    for (int i = 0; i < contents.personIds().size(); i++) {
      persons.putIfAbsent(
          RestId.comparableInAnyForm(contents.personIds().get(i), RestId.PEOPLE), i + 1);
    }
    this.personIds = Map.copyOf(persons);
    this.clientIds =
        contents.clientIds().stream()
            .map(ProtectedList::comparableClient)
            .collect(Collectors.toUnmodifiableSet());
    this.addresses = contents.addresses().stream().map(Glob::ignoringCase).toList();
    this.names = contents.applicationNames().stream().map(Glob::ignoringCase).toList();
  }

  /** What to compare clients by: an app's REST id may have its client id within. */
  static String comparableClient(String id) {
    return RestId.comparableInAnyForm(id, APPLICATION).toLowerCase(Locale.ROOT);
  }

  /** How many entries name persons. */
  public int persons() {
    return contents.personIds().size() + contents.addresses().size();
  }

  /** How many entries name clients. */
  public int clients() {
    return contents.clientIds().size() + contents.applicationNames().size();
  }

  /**
   * Whether a person is protected, by either.
   *
   * @param id in any form of a REST id; null where it is not known
   * @param address null where it is not known
   */
  public Optional<Protection> person(@Nullable String id, @Nullable String address) {
    if (id != null && !personIds.isEmpty()) {
      Integer entry = personIds.get(RestId.comparableInAnyForm(id, RestId.PEOPLE));
      if (entry != null) {
        return Optional.of(person("persons.ids", entry));
      }
    }
    int entry = address == null ? 0 : firstMatch(addresses, address);
    return entry == 0 ? Optional.empty() : Optional.of(person("persons.addresses", entry));
  }

  /** Says where the entry is and not what it says: that may name somebody. */
  private static Protection person(String list, int entry) {
    return new Protection(
        "protected_person",
        "the protected file names this person (%s, entry %d)".formatted(list, entry));
  }

  /**
   * Whether a client is protected, by any of these; null stands for what is not known.
   *
   * @param clientId the OAuth client id
   * @param applicationId the app's id of the REST API
   * @param applicationName the app's name, for people
   */
  public Optional<Protection> client(
      @Nullable String clientId, @Nullable String applicationId, @Nullable String applicationName) {
    boolean named =
        !clientIds.isEmpty()
            && Stream.of(Optional.ofNullable(clientId), Optional.ofNullable(applicationId))
                .flatMap(Optional::stream)
                .anyMatch(id -> clientIds.contains(comparableClient(id)));
    if (named) {
      return Optional.of(client("clients.ids has its id"));
    }
    int entry = applicationName == null ? 0 : firstMatch(names, applicationName);
    return entry == 0
        ? Optional.empty()
        : Optional.of(
            client("clients.names has \"" + contents.applicationNames().get(entry - 1) + '"'));
  }

  private static Protection client(String where) {
    return new Protection("protected_client", "the protected file names this app (" + where + ")");
  }

  /** The number of the first that matches, from one; 0 if none does. */
  private static int firstMatch(List<Glob> globs, String text) {
    for (int i = 0; i < globs.size(); i++) {
      if (globs.get(i).matches(text)) {
        return i + 1;
      }
    }
    return 0;
  }

  /** How many entries there are, in words for a log line. */
  @Override
  public String toString() {
    return entries(persons()) + " for persons, " + entries(clients()) + " for clients";
  }

  private static String entries(int count) {
    return count + (count == 1 ? " entry" : " entries");
  }
}
