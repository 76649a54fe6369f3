package io.offboarder.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON so that a member which is only shown cannot keep the others from being read: a number
 * stays the text that it was, arrays and objects far down are empty or hold a null for what is in
 * them, and a member that is there twice with different values {@link #isAmbiguous}, for its reader
 * to refuse or to leave out.
 *
 * @param root what could be read, however little; missing where nothing could
 * @param error what ended the reading early; null where nothing did
 */
record JsonTree(JsonNode root, @Nullable JsonProcessingException error) {
  /** Envelopes within envelopes, the data in the last one, and its members. */
  private static final int DEEPEST_BUILT = 10;

  private static final int DEEPEST_READ = 10_000;

  /** A hundred times what events have. */
  private static final int MOST_MEMBERS = 10_000;

  /** A number, as it was written. */
  private record Digits(String text) {}

  /** What a member is that JSON has no word for. */
  private enum Oddity {
    /** There more than once, with different values. */
    AMBIGUOUS,
    /** {@code NaN} or an infinity, as Python's writers put for what is missing. */
    NO_NUMBER
  }

  /** Whether a member is there more than once, with different values. */
  static boolean isAmbiguous(@Nullable JsonNode member) {
    return member instanceof POJONode pojo && pojo.getPojo() == Oddity.AMBIGUOUS;
  }

  /** What a number was written as; null for everything else. */
  static @Nullable String digits(JsonNode node) {
    return node instanceof POJONode pojo && pojo.getPojo() instanceof Digits digits
        ? digits.text()
        : null;
  }

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // Slow, and senders make up names.
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST_READ)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  static JsonTree of(String text) {
    Builder builder = new Builder();
    try (JsonParser parser = FACTORY.createParser(text)) {
      builder.read(parser);
      return new JsonTree(builder.root, null);
    } catch (JsonProcessingException e) {
      return new JsonTree(builder.root, e);
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private static final class Builder {
    JsonNode root = MissingNode.getInstance();
    private int members;

    void read(JsonParser parser) throws IOException {
      JsonToken token = parser.nextToken();
      if (token == null) {
        return;
      }
      root = begun(parser, token);
      fill(parser, root, 1);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "more follows after the end of the first value");
      }
    }

    /** A scalar, or a container that is still empty. */
    private static JsonNode begun(JsonParser parser, JsonToken token) throws IOException {
      return switch (token) {
        case START_OBJECT -> JsonNodeFactory.instance.objectNode();
        case START_ARRAY -> JsonNodeFactory.instance.arrayNode();
        case VALUE_STRING -> JsonNodeFactory.instance.textNode(parser.getText());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
            JsonNodeFactory.instance.pojoNode(
                parser.isNaN() ? Oddity.NO_NUMBER : new Digits(parser.getText()));
        case VALUE_TRUE -> JsonNodeFactory.instance.booleanNode(true);
        case VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(false);
        default -> JsonNodeFactory.instance.nullNode();
      };
    }

    /** Attached before they are filled, so that what was read survives an error further on. */
    private void fill(JsonParser parser, JsonNode node, int depth) throws IOException {
      if (node instanceof ArrayNode array) {
        if (!skip(parser, JsonToken.END_ARRAY)) {
          array.addNull();
        }
      } else if (node instanceof ObjectNode deep && depth > DEEPEST_BUILT) {
        if (!skip(parser, JsonToken.END_OBJECT)) {
          deep.putNull("");
        }
      } else if (node instanceof ObjectNode object) {
        for (JsonToken token = parser.nextToken();
            token != JsonToken.END_OBJECT;
            token = parser.nextToken()) {
          if (++members > MOST_MEMBERS) {
            throw new JsonParseException(parser, "it has more than " + MOST_MEMBERS + " members");
          }
          String name = parser.currentName();
          JsonNode member = begun(parser, parser.nextToken());
          JsonNode before = object.get(name);
          if (before == null) {
            object.set(name, member);
          }
          fill(parser, member, depth + 1);
          if (before != null && !before.equals(member)) {
            object.putPOJO(name, Oddity.AMBIGUOUS);
          }
        }
      }
    }

    /** Reads over what is in an array or an object, and says whether that is nothing. */
    private static boolean skip(JsonParser parser, JsonToken end) throws IOException {
      boolean empty = true;
      while (parser.nextToken() != end) {
        empty = false;
        parser.skipChildren();
      }
      return empty;
    }
  }
}
