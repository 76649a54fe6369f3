package io.offboarder.protection;

import io.offboarder.id.RestId;
import io.offboarder.protection.ProtectedList.Contents;
import io.offboarder.text.Printable;
import io.offboarder.yaml.PlainYaml;
import io.offboarder.yaml.PlainYaml.EndlessException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads a protected list from YAML, strictly: what could be a slip of the pen protects nobody, so
 * the whole is refused. Messages name the member and its line, and never show what an entry says.
 */
final class ProtectedListReader {
  private static final String EXPECTED =
      "expected persons with ids and addresses, and clients with ids and names";
  private static final String NOT_YAML = "is not YAML (an entry that begins with * needs quotes)";
  private static final int LONGEST_ENTRY = 512;

  private ProtectedListReader() {}

  /** What is wrong with a list, in one line. */
  static final class BrokenListException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenListException(String message) {
      super(message, null, false, false);
    }
  }

  /** Numbers and words like "no" stay as they are written. */
  private static final class Texts extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.NULL, NULL, "~nN\0");
      addImplicitResolver(Tag.NULL, EMPTY, null);
    }
  }

  static ProtectedList read(byte[] yaml) throws BrokenListException {
    Object root = load(text(yaml));
    if (root == null) {
      // A file that is replaced in place is empty for a moment.
      throw new BrokenListException("is empty; " + EXPECTED + ", or \"persons:\" alone for nobody");
    }
    Map<?, ?> members = section("the file", root, Set.of("persons", "clients"));
    Map<?, ?> persons = section("persons", members.get("persons"), Set.of("ids", "addresses"));
    Map<?, ?> clients = section("clients", members.get("clients"), Set.of("ids", "names"));
    List<String> personIds = entries("persons.ids", persons.get("ids"));
    requirePersons(personIds);
    List<String> clientIds = entries("clients.ids", clients.get("ids"));
    requireNoPattern("clients.ids", clientIds, "clients.names");
    return new ProtectedList(
        new Contents(
            personIds,
            entries("persons.addresses", persons.get("addresses")),
            clientIds,
            entries("clients.names", clients.get("names"))));
  }

  private static String text(byte[] yaml) throws BrokenListException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(yaml)).toString();
    } catch (CharacterCodingException e) {
      throw new BrokenListException("is not UTF-8 text; " + EXPECTED);
    }
  }

  private static @Nullable Object load(String text) throws BrokenListException {
    try {
      return PlainYaml.load(text, new Texts());
    } catch (EndlessException e) {
      throw new BrokenListException(e.getMessage() + "; " + EXPECTED);
    } catch (RuntimeException e) {
      String what = e instanceof DuplicateKeyException ? "says one thing twice" : NOT_YAML;
      Mark mark = e instanceof MarkedYAMLException marked ? marked.getProblemMark() : null;
      throw new BrokenListException(
          mark == null
              ? what + "; " + EXPECTED
              : what + ": see line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1));
    }
  }

  private static Map<?, ?> section(String name, @Nullable Object node, Set<String> known)
      throws BrokenListException {
    if (node == null) {
      return Map.of();
    }
    if (!(node instanceof Map<?, ?> members)) {
      throw new BrokenListException(name + " has no members; " + EXPECTED);
    }
    String unknown =
        members.keySet().stream()
            .map(String::valueOf)
            .filter(member -> !known.contains(member))
            .map(Printable::oneLine)
            .map(member -> member.length() > 40 ? member.substring(0, 40) + "…" : member)
            .sorted()
            .collect(Collectors.joining(", "));
    if (!unknown.isEmpty()) {
      throw new BrokenListException(name + " has " + unknown + "; " + EXPECTED);
    }
    return members;
  }

  private static List<String> entries(String name, @Nullable Object node)
      throws BrokenListException {
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof List<?> list)) {
      throw new BrokenListException(name + " is no list; expected an entry on each line");
    }
    List<String> entries = new ArrayList<>();
    for (Object entry : list) {
      String where = name + ", entry " + (entries.size() + 1) + ", ";
      if (!(entry instanceof String text) || text.isBlank()) {
        throw new BrokenListException(where + "is no text; expected one, in quotes if it has a *");
      }
      if (text.length() > LONGEST_ENTRY) {
        throw new BrokenListException(
            where + "has " + text.length() + " characters; expected at most " + LONGEST_ENTRY);
      }
      entries.add(text.strip());
    }
    return entries;
  }

  private static void requirePersons(List<String> ids) throws BrokenListException {
    requireNoPattern("persons.ids", ids, "persons.addresses");
    for (int i = 0; i < ids.size(); i++) {
      RestId id = RestId.parseAnyForm(ids.get(i), RestId.PEOPLE);
      if (id != null && !id.type().equals(RestId.PEOPLE)) {
        throw new BrokenListException(
            "persons.ids, entry %d, is an id of %s; expected one of %s"
                .formatted(i + 1, Printable.oneLine(id.type()), RestId.PEOPLE));
      }
      if (ids.get(i).indexOf('@') >= 0) {
        throw new BrokenListException(
            "persons.ids, entry " + (i + 1) + ", has an @; expected it under persons.addresses");
      }
    }
  }

  private static void requireNoPattern(String name, List<String> ids, String instead)
      throws BrokenListException {
    for (int i = 0; i < ids.size(); i++) {
      if (ids.get(i).indexOf('*') >= 0) {
        throw new BrokenListException(
            name + ", entry " + (i + 1) + ", has a *; expected it under " + instead);
      }
    }
  }
}
