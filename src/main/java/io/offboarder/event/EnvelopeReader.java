package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.DecodeError.Code;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Takes an event out of its envelope: CloudEvents over Kafka in structured and binary mode (<a
 * href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">protocol
 * binding</a>), or plain JSON with the same attributes.
 */
final class EnvelopeReader {
  private static final String STRUCTURED = "application/cloudevents+json";
  private static final String PAYLOAD = "payload.";
  private static final String MEMBERS_EXPECTED = "an object with the event's members";
  private static final List<String> SUBJECT = List.of("personId", "personEmail", "clientId");

  private EnvelopeReader() {}

  /** What can be seen of an event that was not understood. */
  record Glimpse(EventAttributes attributes, JsonNode members) {}

  /**
   * The attributes and members that can be read, although others are wrong. Costs a second look,
   * which only rejected events pay for.
   */
  static Glimpse glimpse(Headers headers, byte @Nullable [] value) {
    AttributeHeaders attributeHeaders = new AttributeHeaders(headers);
    JsonNode root = ValueReader.glimpse(value);
    JsonNode attributes = attributeHeaders.isBinary() ? attributeHeaders.attributes() : root;
    JsonNode members =
        Stream.of(
                ValueReader.glimpse(root.get("data")),
                ValueReader.glimpse(encodedData(root)),
                ValueReader.glimpse(root.get("payload")),
                ValueReader.glimpse(ValueReader.glimpse(root.get("payload")).get("data")),
                root)
            .filter(node -> SUBJECT.stream().anyMatch(node::has))
            .findFirst()
            .orElse(root);
    return new Glimpse(attributesOf(headers, attributes), members);
  }

  private static EventAttributes attributesOf(Headers headers, JsonNode attributes) {
    if (!(attributes instanceof ObjectNode object)) {
      return new EventAttributes(null, null, null, null, null, trace(headers, attributes));
    }
    JsonFields fields = new JsonFields(object, "", new Notes());
    return new EventAttributes(
        fields.shown().text("id"),
        fields.shown().text("type"),
        fields.shown().text("source"),
        fields.shown().text("time"),
        null,
        trace(headers, attributes));
  }

  private static byte @Nullable [] encodedData(JsonNode root) {
    return root.path("data_base64").isTextual()
        ? ValueReader.base64(root.path("data_base64").textValue())
        : null;
  }

  /** What the last hop says goes before what the event has said from the beginning. */
  private static TraceContext trace(Headers headers, JsonNode attributes) {
    String hop = header(headers, TraceContext.TRACEPARENT);
    return hop != null
        ? new TraceContext(hop, header(headers, TraceContext.TRACESTATE))
        : new TraceContext(
            attributes.path(TraceContext.TRACEPARENT).textValue(),
            attributes.path(TraceContext.TRACESTATE).textValue());
  }

  private static @Nullable String header(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  /** Takes one event out. */
  static Envelope read(Headers headers, byte @Nullable [] value, Notes notes)
      throws DecodeException {
    if (value == null) {
      throw new DecodeException(Code.EMPTY_VALUE, "value", "was null", "an event");
    }
    if (value.length == 0) {
      throw new DecodeException(Code.EMPTY_VALUE, "value", "was empty", "an event");
    }
    AttributeHeaders attributes = new AttributeHeaders(headers);
    attributes.requireUnambiguous();
    attributes.noteOddities(notes);
    String contentType = attributes.contentType();
    String mediaType = contentType == null ? "" : mediaType(contentType);
    if (mediaType.equals(STRUCTURED)) {
      return structured(headers, attributes, value, notes);
    }
    if (!isJson(mediaType) || mediaType.startsWith("application/cloudevents")) {
      throw new DecodeException(
          Code.UNSUPPORTED_CONTENT_TYPE,
          "content-type",
          new Quoted(String.valueOf(contentType)),
          STRUCTURED + ", application/json or none" + ValueReader.hint(Resemblance.of(value)));
    }
    return attributes.isBinary()
        ? binary(headers, attributes, value, notes)
        : plain(headers, value, notes);
  }

  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return WhiteSpace.trimmed(type).toLowerCase(Locale.ROOT);
  }

  private static boolean isJson(String mediaType) {
    return mediaType.isEmpty()
        || mediaType.equals("application/json")
        || mediaType.equals("text/json")
        || mediaType.endsWith("+json");
  }

  private static Envelope structured(
      Headers headers, AttributeHeaders attributeHeaders, byte[] value, Notes notes)
      throws DecodeException {
    JsonFields members = new JsonFields(ValueReader.object(value, "value", notes), "", notes);
    if (attributeHeaders.isBinary() && !members.has("type")) {
      notes.add("content-type", "was of structured mode, and the attributes are headers");
      return binary(headers, attributeHeaders, value, notes);
    }
    Envelope envelope = envelope(cloudEventAttributes(headers, members), members);
    if (envelope.around().isEmpty()) {
      throw new DecodeException(Code.MISSING_MEMBER, "data", "was missing", MEMBERS_EXPECTED);
    }
    return envelope;
  }

  private static Envelope binary(
      Headers headers, AttributeHeaders attributes, byte[] value, Notes notes)
      throws DecodeException {
    JsonFields members = new JsonFields(attributes.attributes(), attributes.prefix(), notes);
    return new Envelope(
        cloudEventAttributes(headers, members),
        new JsonFields(ValueReader.object(value, "value", notes), "data.", notes),
        List.of(members));
  }

  private static EventAttributes cloudEventAttributes(Headers headers, JsonFields members)
      throws DecodeException {
    members.constant("specversion", "1.0");
    members.shown().noteSource();
    return attributes(headers, members);
  }

  private static Envelope plain(Headers headers, byte[] value, Notes notes) throws DecodeException {
    JsonFields members = new JsonFields(ValueReader.object(value, "value", notes), "", notes);
    if (members.has("specversion")) {
      members.constant("specversion", "1.0");
    }
    if (!members.has("type")) {
      requireNothingElse(headers, members);
    }
    return envelope(attributes(headers, members), members);
  }

  /** Says what it is, where an object without a type is known to be something else. */
  private static void requireNothingElse(Headers headers, JsonFields members)
      throws DecodeException {
    boolean routed = header(headers, "id") != null && header(headers, "eventType") != null;
    String hint =
        routed
            ? "; it looks like a row of Debezium's outbox router: read it with the preset"
                + " debezium-outbox (offboarder.intake)"
            : ValueReader.hint(Resemblance.of(members.object()));
    if (!members.has("id")) {
      throw new DecodeException(
          Code.MISSING_MEMBER,
          "id",
          "and type were missing",
          "both, beside the event's members or as the headers ce_id and ce_type: an event in binary"
              + " mode is nothing without its headers"
              + hint);
    }
    if (!hint.isEmpty()) {
      throw new DecodeException(Code.MISSING_MEMBER, "type", "was missing", "a text" + hint);
    }
  }

  private static EventAttributes attributes(Headers headers, JsonFields members)
      throws DecodeException {
    Instant occurredAt = members.shown().moment("time");
    return new EventAttributes(
        members.name("id"),
        members.type(),
        members.shown().text("source"),
        members.shown().text("time"),
        occurredAt,
        trace(headers, members.object()));
  }

  /** What the event says is in the data, or beside the attributes where there is none. */
  private static Envelope envelope(EventAttributes attributes, JsonFields members)
      throws DecodeException {
    JsonFields data = dataOf(members);
    if (data == null) {
      return new Envelope(attributes, members, List.of());
    }
    JsonFields inner = null;
    if (data.prefix().equals(PAYLOAD)) {
      requireSameType(attributes, data);
      inner = namesSubject(data) ? null : dataOf(data);
    }
    return inner == null
        ? new Envelope(attributes, data, List.of(members))
        : new Envelope(attributes, inner, List.of(members, data));
  }

  /** The payload of an outbox's row may be a whole event; then both say what is to be done. */
  private static void requireSameType(EventAttributes row, JsonFields payload)
      throws DecodeException {
    boolean other =
        payload.has("type")
            && !EventType.required(String.valueOf(row.type()))
                .equals(EventType.required(payload.type()));
    if (other) {
      throw new DecodeException(
          Code.MALFORMED_ENVELOPE,
          PAYLOAD + "type",
          "was another one than the row's",
          "one type for both");
    }
  }

  private static boolean namesSubject(JsonFields members) {
    return SUBJECT.stream().anyMatch(members::has);
  }

  /**
   * What the event says: an object, a text that holds one, or one in Base64; in an outbox's row,
   * its payload. Null if the envelope has none of them.
   */
  private static @Nullable JsonFields dataOf(JsonFields members) throws DecodeException {
    String contentType = members.shown().optionalText("datacontenttype");
    if (contentType != null
        && !isJson(mediaType(contentType))
        && !isTextOfJson(contentType, members)) {
      throw new DecodeException(
          Code.UNSUPPORTED_CONTENT_TYPE,
          "datacontenttype",
          new Quoted(contentType),
          "application/json or none");
    }
    boolean encoded = members.has("data_base64");
    if (members.has("data")) {
      if (encoded) {
        throw new DecodeException(
            Code.MALFORMED_ENVELOPE, "data_base64", "was there beside data", "one of them");
      }
      return inner(members, "data");
    }
    if (encoded) {
      ObjectNode data =
          ValueReader.object(
              decoded(members.object().get("data_base64")), "data_base64", members.notes());
      return new JsonFields(data, members.prefix() + "data.", members.notes());
    }
    boolean isRow = members.has("payload") && !namesSubject(members);
    return isRow ? inner(members, "payload") : null;
  }

  private static JsonFields inner(JsonFields members, String name) throws DecodeException {
    ObjectNode inner = ValueReader.object(members.object().get(name), name, members.notes());
    return new JsonFields(inner, members.prefix() + name + ".", members.notes());
  }

  /** CloudEvents' libraries call each text {@code text/plain}, also one that is JSON. */
  private static boolean isTextOfJson(String contentType, JsonFields members) {
    return mediaType(contentType).equals("text/plain") && members.object().path("data").isTextual();
  }

  private static byte[] decoded(JsonNode base64) throws DecodeException {
    if (!base64.isTextual()) {
      throw new DecodeException(
          Code.WRONG_TYPE, "data_base64", "was " + JsonFields.describe(base64), "JSON in Base64");
    }
    byte[] decoded = ValueReader.base64(base64.textValue());
    if (decoded == null) {
      throw new DecodeException(
          Code.INVALID_VALUE, "data_base64", "was not in Base64", "JSON in Base64");
    }
    return decoded;
  }
}
