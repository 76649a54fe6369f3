package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.DecodeError.Code;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a record's headers say of the event: its content type, its trace, and in binary mode its
 * attributes. Kafka's binding writes an attribute's header with {@code ce_}; some libraries write
 * {@code ce-}, as HTTP's does, and put the value in quotes.
 */
final class AttributeHeaders {
  static final String BINDING_PREFIX = "ce_";
  private static final String HTTP_PREFIX = "ce-";
  private static final String CONTENT_TYPE = "content-type";

  /** Any of them says that the event is in binary mode: a sender that forgot one meant no other. */
  private static final List<String> ATTRIBUTES =
      List.of("specversion", "id", "source", "type", "time");

  /** Two of these that differ say two things, and one of them would be acted on. */
  private static final Set<String> ONCE = Set.of(CONTENT_TYPE, "specversion", "id", "type");

  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> fields = new HashMap<>();
  private final Set<String> repeated = new HashSet<>();
  private final Set<String> ambiguous = new HashSet<>();
  private final Set<String> quoted = new HashSet<>();

  AttributeHeaders(Headers headers) {
    for (Header header : headers) {
      String name = name(header.key());
      if (name != null) {
        add(name, header);
      }
    }
  }

  private static @Nullable String name(String key) {
    if (key.regionMatches(true, 0, BINDING_PREFIX, 0, BINDING_PREFIX.length())
        || key.regionMatches(true, 0, HTTP_PREFIX, 0, HTTP_PREFIX.length())) {
      return key.substring(BINDING_PREFIX.length()).toLowerCase(Locale.ROOT);
    }
    return key.equalsIgnoreCase(CONTENT_TYPE) ? CONTENT_TYPE : null;
  }

  private void add(String name, Header header) {
    if (header.value() == null) {
      return;
    }
    String text = new String(header.value(), UTF_8);
    String value = WhiteSpace.trimmed(text);
    if (value.length() > 1 && value.charAt(0) == '"' && value.endsWith("\"")) {
      value = value.substring(1, value.length() - 1);
      quoted.add(name);
    }
    String before = values.put(name, value);
    if (before != null) {
      (before.equals(value) ? repeated : ambiguous).add(name);
    }
    fields.put(name, header.key());
  }

  boolean isBinary() {
    return ATTRIBUTES.stream().anyMatch(values::containsKey);
  }

  @Nullable String contentType() {
    return values.get(CONTENT_TYPE);
  }

  /** How messages name an attribute's header: as it came, or as it should have come. */
  String prefix() {
    return fields.values().stream()
            .anyMatch(key -> key.toLowerCase(Locale.ROOT).startsWith(HTTP_PREFIX))
        ? HTTP_PREFIX
        : BINDING_PREFIX;
  }

  /** The attributes as members of an object, as structured mode has them. */
  ObjectNode attributes() {
    ObjectNode attributes = JsonNodeFactory.instance.objectNode();
    values.forEach(attributes::put);
    return attributes;
  }

  void requireUnambiguous() throws DecodeException {
    for (String name : ONCE) {
      if (ambiguous.contains(name)) {
        throw new DecodeException(
            Code.MALFORMED_ENVELOPE,
            fields.get(name),
            "was there more than once, with different values",
            "one header of this name");
      }
    }
  }

  void noteOddities(Notes notes) {
    if (prefix().equals(HTTP_PREFIX)) {
      notes.add("headers", "began with ce- where Kafka's binding has ce_");
    }
    repeated.forEach(name -> notes.add(fields.get(name), "was there more than once"));
    ambiguous.forEach(
        name -> notes.add(fields.get(name), "was there more than once, with different values"));
    quoted.forEach(name -> notes.add(fields.get(name), "was in quotes"));
  }
}
