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
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.offboarder.event.EventFault.Code;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Takes an event out of its envelope: CloudEvents over Kafka in structured and binary mode (<a
 * href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">protocol
 * binding</a>), by the CloudEvents SDK, or plain JSON with the same attributes.
 *
 * <p>The SDK reads JSON with a lenient reader of its own, so the bytes are read strictly first:
 * bounded in depth and length, without duplicate members and trailing text.
 */
final class EnvelopeReader {
  private static final int DEEPEST = 32;
  private static final int LONGEST_STRING = 100_000;
  private static final List<String> SHOWN_MEMBERS =
      List.of("specversion", "id", "source", "type", "time", "data_base64");
  private static final int LONGEST_ATTRIBUTE = 1_000;
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
    if (header(headers, "ce_specversion") != null) {
      return new EventAttributes(
          presentable(header(headers, "ce_id")),
          presentable(header(headers, "ce_type")),
          presentable(header(headers, "ce_source")),
          presentable(header(headers, "ce_time")));
    }
    JsonNode root = objectOrMissing(value);
    return new EventAttributes(
        textOrNull(root, "id"),
        textOrNull(root, "type"),
        textOrNull(root, "source"),
        textOrNull(root, "time"));
  }

  /** The object that holds an event's members, or a missing node. */
  JsonNode membersOf(byte @Nullable [] value) {
    JsonNode root = objectOrMissing(value);
    return root.path("data").isObject() ? root.path("data") : root;
  }

  private JsonNode objectOrMissing(byte @Nullable [] value) {
    try {
      return object(value == null ? new byte[0] : value, "value");
    } catch (FaultException nothingToSee) {
      return json.missingNode();
    }
  }

  private static @Nullable String textOrNull(JsonNode object, String name) {
    JsonNode member = object.path(name);
    return member.isTextual() ? presentable(member.textValue()) : null;
  }

  /** An attribute that may be shown in an outcome and a log, whatever else is wrong; or null. */
  private static @Nullable String presentable(@Nullable String text) {
    return text != null
            && text.length() <= LONGEST_ATTRIBUTE
            && text.chars().noneMatch(Character::isISOControl)
        ? text
        : null;
  }

  private static void requirePresentable(String attribute, String text) throws FaultException {
    if (text.isBlank() || presentable(text) == null) {
      throw new FaultException(
          Code.INVALID_VALUE,
          attribute,
          "was " + Quoted.quote(text),
          "a text of at most "
              + LONGEST_ATTRIBUTE
              + " characters, none of them a control character");
    }
  }

  Envelope read(Headers headers, byte @Nullable [] value) throws FaultException {
    if (value == null) {
      throw new FaultException(Code.EMPTY_VALUE, "value", "was null", "an event");
    }
    if (value.length == 0) {
      throw new FaultException(Code.EMPTY_VALUE, "value", "was empty", "an event");
    }
    return switch (mode(headers)) {
      case STRUCTURED -> structured(value);
      case BINARY -> binary(headers, value);
      case PLAIN -> plain(value);
    };
  }

  private static Mode mode(Headers headers) throws FaultException {
    String contentType = header(headers, "content-type");
    String mediaType =
        contentType == null ? "" : contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    if (mediaType.equals(STRUCTURED)) {
      return Mode.STRUCTURED;
    }
    boolean json =
        mediaType.isEmpty() || mediaType.equals("application/json") || mediaType.endsWith("+json");
    if (!json || mediaType.startsWith("application/cloudevents")) {
      throw new FaultException(
          Code.UNSUPPORTED_CONTENT_TYPE,
          "content-type",
          "was " + Quoted.quote(String.valueOf(contentType)),
          STRUCTURED + ", application/json or none");
    }
    return header(headers, "ce_specversion") == null ? Mode.PLAIN : Mode.BINARY;
  }

  private Envelope structured(byte[] value) throws FaultException {
    JsonNode root = object(value, "value");
    // The SDK compares content types to the letter and refuses odd extensions, which are nobody's
    // business here: it is shown what an event must have, and its data if that is encoded.
    ObjectNode shown = json.createObjectNode();
    for (String name : SHOWN_MEMBERS) {
      if (root.has(name)) {
        shown.set(name, root.get(name));
      }
    }
    CloudEvent event =
        cloudEvent(
            new RecordHeaders().add("content-type", STRUCTURED.getBytes(UTF_8)),
            shown.toString().getBytes(UTF_8));
    JsonNode data = root.get("data");
    if (data == null && root.hasNonNull("data_base64") && event.getData() != null) {
      data = object(event.getData().toBytes(), "data_base64");
    }
    return envelope(event, textOrNull(root, "time"), data);
  }

  private Envelope binary(Headers headers, byte[] value) throws FaultException {
    Headers shown = new RecordHeaders();
    for (String name : SHOWN_MEMBERS) {
      Header header = headers.lastHeader("ce_" + name);
      if (header != null) {
        shown.add(header);
      }
    }
    CloudEvent event = cloudEvent(shown, value);
    return envelope(event, header(headers, "ce_time"), object(value, "value"));
  }

  private static Envelope envelope(CloudEvent event, @Nullable String time, @Nullable JsonNode data)
      throws FaultException {
    if (data == null || !data.isObject()) {
      throw new FaultException(
          data == null || data.isNull() ? Code.MISSING_MEMBER : Code.WRONG_TYPE,
          "data",
          "was " + Members.describe(data),
          "an object with the event's members");
    }
    requirePresentable("id", event.getId());
    requirePresentable("type", event.getType());
    requirePresentable("source", event.getSource().toString());
    EventAttributes attributes =
        new EventAttributes(
            event.getId(), event.getType(), event.getSource().toString(), presentable(time));
    return new Envelope(attributes, data, "data.");
  }

  private static CloudEvent cloudEvent(Headers headers, byte[] value) throws FaultException {
    try {
      return KafkaMessageFactory.createReader(headers, value).toEvent();
    } catch (RuntimeException e) {
      throw new FaultException(
          Code.MALFORMED_ENVELOPE,
          "envelope",
          "was refused (" + Quoted.quote(String.valueOf(e.getMessage())) + ")",
          "CloudEvents 1.0 with specversion, id, source and type");
    }
  }

  private Envelope plain(byte[] value) throws FaultException {
    JsonNode root = object(value, "value");
    Members attributes = new Members(root, "");
    attributes.instant("time");
    EventAttributes read =
        new EventAttributes(
            attributes.name("id"),
            attributes.name("type"),
            attributes.text("source"),
            attributes.text("time"));
    JsonNode data = root.get("data");
    if (data == null || data.isNull()) {
      return new Envelope(read, root, "");
    }
    if (!data.isObject()) {
      throw new FaultException(
          Code.WRONG_TYPE, "data", "was " + Members.describe(data), "an object");
    }
    return new Envelope(read, data, "data.");
  }

  private JsonNode object(byte[] bytes, String field) throws FaultException {
    if (bytes.length > LARGEST_EVENT_BYTES) {
      throw new FaultException(
          Code.MALFORMED_JSON,
          field,
          "had " + bytes.length + " bytes",
          "at most " + LARGEST_EVENT_BYTES + " bytes");
    }
    JsonNode root;
    try {
      root = json.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new FaultException(
          Code.MALFORMED_JSON,
          field,
          "was no JSON we read ("
              + Quoted.quote(String.valueOf(e.getOriginalMessage()))
              + " at byte "
              + (e.getLocation() == null ? "?" : e.getLocation().getByteOffset())
              + ")",
          JSON_EXPECTED);
    } catch (IOException e) {
      throw new FaultException(
          Code.MALFORMED_JSON, field, "was no text in UTF-8, -16 or -32", JSON_EXPECTED);
    }
    if (root == null || !root.isObject()) {
      throw new FaultException(
          Code.WRONG_TYPE, field, "was " + Members.describe(root), JSON_EXPECTED);
    }
    return root;
  }

  private static @Nullable String header(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }
}
