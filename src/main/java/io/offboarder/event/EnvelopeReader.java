package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.DecodeError.Code;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Takes an event out of its envelope: CloudEvents over Kafka in structured and binary mode (<a
 * href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">protocol
 * binding</a>), or plain JSON with the same attributes. JSON is read strictly: bounded in depth and
 * length, without duplicate members and trailing text.
 */
final class EnvelopeReader {
  private static final int DEEPEST = 32;
  private static final int LONGEST_STRING = 100_000;
  private static final List<String> ATTRIBUTES =
      List.of("specversion", "id", "source", "type", "time");
  private static final List<String> EXTENSIONS =
      List.of(TraceContext.TRACEPARENT, TraceContext.TRACESTATE);
  private static final int LARGEST_EVENT_BYTES = 1 << 20;
  private static final String STRUCTURED = "application/cloudevents+json";
  private static final String JSON_EXPECTED = "JSON: an object with the event's members";

  private final JsonMapper json =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(LONGEST_STRING)
                          .maxDocumentLength(LARGEST_EVENT_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** How an event's bytes are to be read. */
  private enum Mode {
    STRUCTURED,
    BINARY,
    PLAIN
  }

  /**
   * The attributes as far as they can be had, whatever else is wrong. Costs a second look, which
   * only malformed events pay for.
   */
  EventAttributes attributesOf(Headers headers, byte @Nullable [] value) {
    JsonNode attributes = isBinary(headers) ? attributeHeaders(headers) : objectOrMissing(value);
    return new EventAttributes(
        presentable(attributes.path("id")),
        presentable(attributes.path("type")),
        presentable(attributes.path("source")),
        presentable(attributes.path("time")),
        null,
        trace(headers, attributes));
  }

  /** What the last hop says goes before what the event has said from the beginning. */
  private static TraceContext trace(Headers headers, JsonNode attributes) {
    String hop = header(headers, TraceContext.TRACEPARENT);
    return hop != null
        ? new TraceContext(hop, header(headers, TraceContext.TRACESTATE))
        : new TraceContext(
            presentable(attributes.path(TraceContext.TRACEPARENT)),
            presentable(attributes.path(TraceContext.TRACESTATE)));
  }

  /** The object that holds an event's members, or a missing node. */
  JsonNode membersOf(byte @Nullable [] value) {
    JsonNode root = objectOrMissing(value);
    return root.path("data").isObject() ? root.path("data") : root;
  }

  private JsonNode objectOrMissing(byte @Nullable [] value) {
    try {
      return object(value == null ? new byte[0] : value, "value");
    } catch (DecodeException nothingToSee) {
      return json.missingNode();
    }
  }

  /** An attribute that may be shown in an outcome and a log, whatever else is wrong; or null. */
  private static @Nullable String presentable(JsonNode attribute) {
    String text = attribute.textValue();
    return text != null
            && text.length() <= JsonFields.LONGEST_TEXT
            && JsonFields.isPresentable(text)
        ? text
        : null;
  }

  Envelope read(Headers headers, byte @Nullable [] value) throws DecodeException {
    if (value == null) {
      throw new DecodeException(Code.EMPTY_VALUE, "value", "was null", "an event");
    }
    if (value.length == 0) {
      throw new DecodeException(Code.EMPTY_VALUE, "value", "was empty", "an event");
    }
    return switch (mode(headers)) {
      case STRUCTURED -> structured(headers, value);
      case BINARY -> binary(headers, value);
      case PLAIN -> plain(headers, value);
    };
  }

  private static Mode mode(Headers headers) throws DecodeException {
    requireOnce(headers, "content-type");
    String contentType = header(headers, "content-type");
    String mediaType = contentType == null ? "" : mediaType(contentType);
    if (mediaType.equals(STRUCTURED)) {
      return Mode.STRUCTURED;
    }
    if (!isJson(mediaType) || mediaType.startsWith("application/cloudevents")) {
      throw new DecodeException(
          Code.UNSUPPORTED_CONTENT_TYPE,
          "content-type",
          new Quoted(String.valueOf(contentType)),
          STRUCTURED + ", application/json or none");
    }
    return isBinary(headers) ? Mode.BINARY : Mode.PLAIN;
  }

  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.trim().toLowerCase(Locale.ROOT);
  }

  private static boolean isJson(String mediaType) {
    return mediaType.isEmpty()
        || mediaType.equals("application/json")
        || mediaType.endsWith("+json");
  }

  /** Any attribute among the headers says so: a sender that forgot one meant no other mode. */
  private static boolean isBinary(Headers headers) {
    return ATTRIBUTES.stream().anyMatch(name -> headers.lastHeader("ce_" + name) != null);
  }

  private ObjectNode attributeHeaders(Headers headers) {
    ObjectNode attributes = json.createObjectNode();
    for (String name : ATTRIBUTES) {
      attributes.put(name, header(headers, "ce_" + name));
    }
    for (String name : EXTENSIONS) {
      attributes.put(name, header(headers, "ce_" + name));
    }
    return attributes;
  }

  private Envelope structured(Headers headers, byte[] value) throws DecodeException {
    JsonFields members = new JsonFields(object(value, "value"), "");
    EventAttributes attributes = cloudEventAttributes(headers, members);
    JsonNode data = dataOf(members);
    if (data == null) {
      throw new DecodeException(
          Code.MISSING_MEMBER, "data", "was missing", "an object with the event's members");
    }
    return new Envelope(attributes, data, "data.");
  }

  private Envelope plain(Headers headers, byte[] value) throws DecodeException {
    JsonFields members = new JsonFields(object(value, "value"), "");
    if (members.has("specversion")) {
      members.constant("specversion", "1.0");
    }
    Instant occurredAt = members.instant("time");
    EventAttributes attributes =
        new EventAttributes(
            members.name("id"),
            members.name("type"),
            members.text("source"),
            members.text("time"),
            occurredAt,
            trace(headers, members.object()));
    JsonNode data = dataOf(members);
    return data == null
        ? new Envelope(attributes, members.object(), "")
        : new Envelope(attributes, data, "data.");
  }

  private Envelope binary(Headers headers, byte[] value) throws DecodeException {
    for (String name : ATTRIBUTES) {
      requireOnce(headers, "ce_" + name);
    }
    EventAttributes attributes =
        cloudEventAttributes(headers, new JsonFields(attributeHeaders(headers), "ce_"));
    return new Envelope(attributes, object(value, "value"), "data.");
  }

  private static EventAttributes cloudEventAttributes(Headers headers, JsonFields members)
      throws DecodeException {
    members.constant("specversion", "1.0");
    Instant occurredAt = members.instant("time");
    return new EventAttributes(
        members.name("id"),
        members.name("type"),
        members.uriReference("source"),
        members.text("time"),
        occurredAt,
        trace(headers, members.object()));
  }

  /** What the event says, as an object or as one in Base64; null if the envelope has neither. */
  private @Nullable JsonNode dataOf(JsonFields members) throws DecodeException {
    String contentType = members.text("datacontenttype");
    if (contentType != null && !isJson(mediaType(contentType))) {
      throw new DecodeException(
          Code.UNSUPPORTED_CONTENT_TYPE,
          "datacontenttype",
          new Quoted(contentType),
          "application/json or none");
    }
    boolean encoded = members.has("data_base64");
    if (!members.has("data")) {
      return encoded ? object(decoded(members.object().get("data_base64")), "data_base64") : null;
    }
    if (encoded) {
      throw new DecodeException(
          Code.MALFORMED_ENVELOPE, "data_base64", "was there beside data", "one of them");
    }
    JsonNode data = members.object().get("data");
    if (!data.isObject()) {
      throw new DecodeException(
          Code.WRONG_TYPE,
          "data",
          "was " + JsonFields.describe(data),
          "an object with the event's members");
    }
    return data;
  }

  private static byte[] decoded(JsonNode base64) throws DecodeException {
    try {
      if (base64.isTextual()) {
        return base64.binaryValue();
      }
    } catch (IOException e) {
      throw new DecodeException(
          Code.INVALID_VALUE, "data_base64", "was not in Base64", "JSON in Base64");
    }
    throw new DecodeException(
        Code.WRONG_TYPE, "data_base64", "was " + JsonFields.describe(base64), "JSON in Base64");
  }

  private JsonNode object(byte[] bytes, String field) throws DecodeException {
    if (bytes.length > LARGEST_EVENT_BYTES) {
      throw new DecodeException(
          Code.MALFORMED_JSON,
          field,
          "had " + bytes.length + " bytes",
          "at most " + LARGEST_EVENT_BYTES + " bytes");
    }
    JsonNode root;
    try {
      root = json.readTree(bytes);
    } catch (JsonProcessingException e) {
      String where = "at byte " + (e.getLocation() == null ? "?" : e.getLocation().getByteOffset());
      String why = new Quoted(String.valueOf(e.getOriginalMessage())).shown();
      throw new DecodeException(
          DecodeError.of(
              Code.MALFORMED_JSON,
              field,
              "was no JSON we read (" + why + " " + where + ")",
              "was no JSON we read (" + where + ")",
              JSON_EXPECTED));
    } catch (IOException e) {
      throw new DecodeException(
          Code.MALFORMED_JSON, field, "was no text in UTF-8, -16 or -32", JSON_EXPECTED);
    }
    if (root == null || !root.isObject()) {
      throw new DecodeException(
          Code.WRONG_TYPE, field, "was " + JsonFields.describe(root), JSON_EXPECTED);
    }
    return root;
  }

  /** Two could say two things, and one of them would be acted on. */
  private static void requireOnce(Headers headers, String name) throws DecodeException {
    Iterator<Header> found = headers.headers(name).iterator();
    if (found.hasNext()) {
      found.next();
    }
    if (found.hasNext()) {
      throw new DecodeException(
          Code.MALFORMED_ENVELOPE, name, "was there more than once", "one header of this name");
    }
  }

  private static @Nullable String header(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }
}
