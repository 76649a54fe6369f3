package io.offboarder.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.id.RestId;
import io.offboarder.time.Timestamp;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object's members that are shown and decide nothing: none of them is a reason to
 * reject an event. What cannot be shown as it is gets shortened, escaped or left out, with a note.
 */
record ShownFields(JsonFields fields) {
  /** The longest text that is shown, in characters. */
  private static final int LONGEST_SHOWN = 1_000;

  /** A member that decides nothing, of any type; null where there is nothing to show. */
  @Nullable String text(String name) {
    if (!fields.has(name)) {
      return null;
    }
    JsonNode member = fields.object().get(name);
    String text = scalar(member);
    if (text == null) {
      note(name, "was " + JsonFields.describe(member) + " and is not shown");
      return null;
    }
    DisplayText shown = DisplayText.of(text, LONGEST_SHOWN);
    if (!member.isTextual()) {
      note(name, "was " + JsonFields.describe(member) + " and is shown as text");
    } else if (!shown.isWhole()) {
      note(name, "had " + text.length() + " characters and is shown shortened");
    } else if (!shown.text().equals(text)) {
      note(name, "had characters that cannot be seen, which are shown escaped");
    }
    return shown.text();
  }

  /** A member that decides nothing if it is a text; null otherwise. */
  @Nullable String optionalText(String name) {
    JsonNode member = fields.object().get(name);
    return fields.has(name) && member.isTextual() ? member.textValue() : null;
  }

  /** An identifier that decides nothing. */
  @Nullable Identifier restId(String name, String type) {
    String shown = text(name);
    if (shown == null) {
      return null;
    }
    String id = WhiteSpace.trimmed(shown);
    RestId restId = RestId.parseAnyForm(id, type);
    return restId != null && restId.type().equals(type)
        ? new Identifier(restId.encoded(), id)
        : Identifier.of(id);
  }

  /**
   * When something happened that was read from Kafka; null where that cannot be read. Systems write
   * the beginning of their time (the years 1, 1601, 1753, 1900, 1970) for one that is not set.
   */
  @Nullable Instant moment(String name) {
    if (!fields.has(name)) {
      return null;
    }
    String text = scalar(fields.object().get(name));
    Optional<Instant> moment =
        text == null ? Optional.empty() : Timestamp.moment(WhiteSpace.trimmed(text));
    if (moment.isEmpty()) {
      note(name, "was no date and time with an offset");
    } else if (!moment.get().isAfter(Instant.EPOCH)) {
      note(name, "was long before there were events, and counts as missing");
      return null;
    }
    return moment.orElse(null);
  }

  /** The event's source; CloudEvents asks for a URI reference (RFC 3986). */
  void noteSource() {
    String source = optionalText("source");
    if (source == null) {
      note("source", "was no text, and CloudEvents asks for one");
      return;
    }
    try {
      URI.create(source);
    } catch (IllegalArgumentException e) {
      note("source", "was no URI reference, which CloudEvents asks for");
    }
  }

  /** A string, or what a number or a boolean is written as; null for everything else. */
  static @Nullable String scalar(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    return node.isBoolean() ? node.asText() : JsonTree.digits(node);
  }

  private void note(String name, String note) {
    fields.notes().add(fields.prefix() + name, note);
  }
}
