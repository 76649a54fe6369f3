package io.offboarder.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.JsonText;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record's value as maps, lists, texts, numbers and booleans. A number that a double would round
 * stays the text that it was: an employee's number must not become another's. A member that is null
 * counts as missing, as in our events, and so does {@code NaN}, which Python's tables hold for an
 * empty field.
 */
final class JsonValue {
  private static final int LARGEST_BYTES = 1 << 20;
  private static final int DEEPEST = 100;
  private static final int MOST_ARRAYS = 10_000;
  private static final int MOST_WRAPPINGS = 4;
  private static final long EXACT = 1L << 53;
  private static final Set<String> CONNECT = Set.of("schema", "payload");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // Slow, and senders make up names.
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(DEEPEST)
                  .build())
          .build();

  private JsonValue() {}

  /**
   * Reads bytes; without any, the value is null.
   *
   * @throws MappingException where they are no JSON, too much of it, or say one thing twice
   */
  static @Nullable Object of(byte @Nullable [] bytes) throws MappingException {
    if (bytes == null || bytes.length == 0) {
      return null;
    }
    if (bytes.length > LARGEST_BYTES) {
      throw new MappingException(
          Code.MALFORMED_JSON,
          "value",
          "had " + bytes.length + " bytes",
          "at most " + LARGEST_BYTES + " bytes");
    }
    Object value = parse(JsonText.of(bytes).text());
    for (int i = 0; i < MOST_WRAPPINGS; i++) {
      if (value instanceof String text && looksLikeJson(text)) {
        value = parse(text);
      } else if (value instanceof Map<?, ?> members && members.keySet().equals(CONNECT)) {
        value = members.get("payload");
      } else {
        break;
      }
    }
    return value;
  }

  /**
   * Reads a text that is within a record.
   *
   * @throws MappingException where it is no JSON, or says one thing twice
   */
  static @Nullable Object ofText(String text) throws MappingException {
    return parse(text);
  }

  private static boolean looksLikeJson(String text) {
    String inner = text.strip();
    return inner.startsWith("{") || inner.startsWith("[");
  }

  private static @Nullable Object parse(String text) throws MappingException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw malformed("had more after the end of its JSON");
      }
      return value;
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null ? "" : " at character " + e.getLocation().getCharOffset();
      throw malformed("was no JSON we read" + where);
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private static MappingException malformed(String was) {
    return new MappingException(
        Code.MALFORMED_JSON, "value", was, "JSON in which no member is there twice");
  }

  private static @Nullable Object value(JsonParser parser) throws IOException, MappingException {
    JsonToken token = parser.currentToken();
    return token == null
        ? null
        : switch (token) {
          case START_OBJECT -> object(parser);
          case START_ARRAY -> array(parser);
          case VALUE_STRING -> parser.getText();
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
              parser.isNaN() ? null : number(parser.getText());
          case VALUE_TRUE -> true;
          case VALUE_FALSE -> false;
          default -> null;
        };
  }

  private static Map<String, Object> object(JsonParser parser)
      throws IOException, MappingException {
    Map<String, Object> members = new LinkedHashMap<>();
    int arrays = 0;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = value(parser);
      if (value != null) {
        members.put(name, value);
      }
      arrays += value instanceof List<?> ? 1 : 0;
      requireFew(arrays);
    }
    return members;
  }

  private static List<@Nullable Object> array(JsonParser parser)
      throws IOException, MappingException {
    List<@Nullable Object> elements = new ArrayList<>();
    int arrays = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object value = value(parser);
      elements.add(value);
      arrays += value instanceof List<?> ? 1 : 0;
      requireFew(arrays);
    }
    return elements;
  }

  /** JSONata's {@code *} copies what it has for each array that it comes to. */
  private static void requireFew(int arrays) throws MappingException {
    if (arrays > MOST_ARRAYS) {
      throw new MappingException(
          Code.MALFORMED_JSON,
          "value",
          "had more than " + MOST_ARRAYS + " arrays in one",
          "fewer of them");
    }
  }

  private static Object number(String digits) {
    BigDecimal exact = new BigDecimal(digits);
    double rounded = exact.doubleValue();
    if (Double.isInfinite(rounded)
        || Math.abs(rounded) > EXACT
        || BigDecimal.valueOf(rounded).compareTo(exact) != 0) {
      return digits;
    }
    long whole = exact.longValue();
    return exact.compareTo(BigDecimal.valueOf(whole)) == 0 ? (Object) whole : (Object) rounded;
  }
}
