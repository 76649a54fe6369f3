package io.offboarder.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.text.Printable;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commands as JSON. Thread-safe. */
public final class CommandFormat {
  private static final int LONGEST_TEXT = 500;

  private final JsonMapper mapper = new JsonMapper();

  /** The value of a command's record. */
  public String write(PersonsCommand command) {
    ObjectNode json =
        mapper
            .createObjectNode()
            .put("id", command.id())
            .put("command", command.verb().toString())
            .put("by", command.by())
            .put("reason", command.reason())
            .put("at", command.at().toString());
    if (!command.cases().isEmpty()) {
      ArrayNode cases = json.putArray("cases");
      command.cases().forEach(cases::add);
    }
    if (command.kind() != null) {
      json.put("kind", command.kind());
    }
    if (command.org() != null) {
      json.put("org", command.org());
    }
    return json.toString();
  }

  /** The command in these bytes; empty where they hold none that this version understands. */
  public Optional<PersonsCommand> read(byte @Nullable [] value) {
    if (value == null) {
      return Optional.empty();
    }
    try {
      JsonNode json = mapper.readTree(value);
      List<String> cases = new ArrayList<>();
      json.path("cases").forEach(one -> cases.add(one.asText()));
      return Optional.of(
          new PersonsCommand(
              shown(required(json, "id")),
              Verb.of(required(json, "command")).orElseThrow(() -> missing("command")),
              cases,
              text(json, "kind"),
              text(json, "org"),
              shown(required(json, "by")),
              shown(required(json, "reason")),
              Instant.parse(required(json, "at"))));
    } catch (IOException | IllegalArgumentException | DateTimeException foreign) {
      return Optional.empty();
    }
  }

  /** What goes into each outcome of each case that a command is about. */
  private static String shown(String text) {
    String line = Printable.oneLine(text);
    int characters = line.codePointCount(0, line.length());
    return characters <= LONGEST_TEXT
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_TEXT - 1)) + "…";
  }

  private static String required(JsonNode json, String name) {
    String text = text(json, name);
    if (text == null || text.isBlank()) {
      throw missing(name);
    }
    return text;
  }

  private static IllegalArgumentException missing(String name) {
    return new IllegalArgumentException(name + " is missing, or is nothing that is known");
  }

  private static @Nullable String text(JsonNode json, String name) {
    JsonNode member = json.path(name);
    return member.isTextual() ? member.asText() : null;
  }
}
