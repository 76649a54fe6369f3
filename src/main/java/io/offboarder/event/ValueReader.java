package io.offboarder.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.DecodeError.Code;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the JSON object in a value, out of what connectors and serializers wrap around it: the five
 * bytes of a schema registry, Kafka Connect's {@code {"schema", "payload"}}, and JSON written into
 * a JSON string, in Base64 or not, one within the other.
 */
final class ValueReader {
  private static final String EXPECTED = "JSON: an object with the event's members";
  private static final int LARGEST_BYTES = 1 << 20;
  private static final int MOST_WRAPPINGS = 8;
  private static final Pattern LINE_ENDS = Pattern.compile("\\s+");

  /** An object with one of these is the event, or its data; other members do not change that. */
  private static final List<String> OWN_MEMBERS =
      List.of(
          "type",
          "data",
          "data_base64",
          "personId",
          "personEmail",
          "clientId",
          MemberName.EFFECTIVE_AT,
          MemberName.DRY_RUN);

  private ValueReader() {}

  /** The object in these bytes. */
  static ObjectNode object(byte[] bytes, String field, Notes notes) throws DecodeException {
    if (bytes.length > LARGEST_BYTES) {
      throw new DecodeException(
          Code.MALFORMED_JSON,
          field,
          "had " + bytes.length + " bytes",
          "at most " + LARGEST_BYTES + " bytes");
    }
    JsonText text = JsonText.of(bytes);
    JsonTree tree = JsonTree.of(text.text());
    if (tree.error() != null) {
      throw malformed(field, tree.error(), Resemblance.of(bytes));
    }
    if (text.schemaId() >= 0) {
      notes.add(field, "began with the five bytes of a schema registry");
    }
    if (!text.isWhole()) {
      requireWholeNames(field, tree.root());
      notes.add(field, "had bytes that are no UTF-8");
    }
    return object(tree.root(), field, notes);
  }

  /** The object that a node is, or holds. */
  static ObjectNode object(JsonNode node, String field, Notes notes) throws DecodeException {
    JsonNode inner = node;
    for (int i = 0; i < MOST_WRAPPINGS; i++) {
      if (inner.isTextual()) {
        JsonTree tree = inText(inner.textValue()).orElse(null);
        if (tree == null) {
          break;
        }
        if (tree.error() != null) {
          throw malformed(field, tree.error(), Optional.empty());
        }
        notes.add(field, "was JSON within a JSON string");
        inner = tree.root();
      } else if (isWrapper(inner)) {
        if (inner.get("payload").isNull()) {
          throw new DecodeException(Code.EMPTY_VALUE, field + ".payload", "was null", "an event");
        }
        notes.add(field, "was in an envelope of Kafka Connect's kind");
        inner = inner.get("payload");
      } else {
        break;
      }
    }
    if (inner instanceof ObjectNode object) {
      return object;
    }
    throw new DecodeException(
        Code.WRONG_TYPE,
        field,
        "was " + JsonFields.describe(inner),
        EXPECTED + hint(Resemblance.of(inner)));
  }

  /** As much of the object as can be read; missing where there is none. */
  static JsonNode glimpse(byte @Nullable [] bytes) {
    return bytes == null || bytes.length > LARGEST_BYTES
        ? MissingNode.getInstance()
        : glimpse(JsonTree.of(JsonText.of(bytes).text()).root());
  }

  /** The same of what a node is, or holds. */
  static JsonNode glimpse(@Nullable JsonNode node) {
    JsonNode inner = node == null ? MissingNode.getInstance() : node;
    for (int i = 0; i < MOST_WRAPPINGS; i++) {
      if (inner.isTextual()) {
        inner = inText(inner.textValue()).map(JsonTree::root).orElse(MissingNode.getInstance());
      } else if (isWrapper(inner)) {
        inner = inner.get("payload");
      }
    }
    return inner;
  }

  private static boolean isWrapper(JsonNode node) {
    return node.has("payload") && OWN_MEMBERS.stream().noneMatch(node::hasNonNull);
  }

  private static Optional<JsonTree> inText(String text) {
    String trimmed = WhiteSpace.trimmed(text);
    if (trimmed.startsWith("{") || trimmed.startsWith("\"")) {
      return Optional.of(JsonTree.of(trimmed));
    }
    byte[] decoded = base64(trimmed);
    String json = decoded == null ? "" : JsonText.of(decoded).text();
    if (json.startsWith("{")) {
      return Optional.of(JsonTree.of(json));
    }
    return json.startsWith("\"")
        ? Optional.of(JsonTree.of(json)).filter(tree -> tree.error() == null)
        : Optional.empty();
  }

  /** The bytes of a text in Base64: either alphabet, padded or not, in one line or in several. */
  static byte @Nullable [] base64(String text) {
    String inOneLine = LINE_ENDS.matcher(text).replaceAll("");
    try {
      return Base64.getUrlDecoder()
          .decode(inOneLine.replace('+', '-').replace('/', '_').replaceFirst("=+$", ""));
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /** What a broken name was meant to be, nobody can tell: perhaps when the event takes effect. */
  private static void requireWholeNames(String field, JsonNode node) throws DecodeException {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (name.indexOf(JsonText.REPLACEMENT) >= 0) {
        throw new DecodeException(
            Code.MALFORMED_JSON, field, "had a member whose name is no UTF-8", EXPECTED);
      }
      requireWholeNames(field, node.get(name));
    }
  }

  private static DecodeException malformed(
      String field, JsonProcessingException error, Optional<String> resemblance) {
    String where =
        error.getLocation() == null
            ? "somewhere"
            : "at character " + error.getLocation().getCharOffset();
    String why = new Quoted(String.valueOf(error.getOriginalMessage())).shown();
    return new DecodeException(
        DecodeError.of(
            Code.MALFORMED_JSON,
            field,
            "was no JSON we read (" + why + " " + where + ")",
            "was no JSON we read (" + where + ")",
            EXPECTED + hint(resemblance)));
  }

  static String hint(Optional<String> resemblance) {
    return resemblance.map(words -> "; it " + words).orElse("");
  }
}
