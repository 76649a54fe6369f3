package io.offboarder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Decoded;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.EventType;
import io.offboarder.kafka.EventPublisher.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to Kafka.
 *
 * @param json a structured CloudEvent, or plain JSON with the same attributes
 * @param text the bytes' text, so that what a file says arrives unchanged
 */
record OutgoingEvent(JsonNode json, String text) {
  /** A CloudEvent with its attributes in place and nothing in its data yet. */
  static ObjectNode cloudEvent(String id, String source, EventType kind, Instant time) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event
        .put("specversion", "1.0")
        .put("id", id)
        .put("source", source)
        .put("type", kind.word())
        .put("time", time.toString())
        .put("datacontenttype", "application/json")
        .putObject("data");
    return event;
  }

  /** The data of an event, with nothing in it yet. */
  static ObjectNode data() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Says something in an event's data, unless there is nothing to say. */
  static void putIfGiven(ObjectNode data, String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      data.put(name, value);
    }
  }

  /** What the service calls it by. */
  String id() {
    return json.path("id").asText("");
  }

  String type() {
    return json.path("type").asText("");
  }

  /** The record to publish. */
  Message to(String topic) {
    return new Message(topic, subject(), Map.of("content-type", contentType()), text);
  }

  /** What the service will make of it. */
  Decoded decodedBy(EventDecoder decoder) {
    byte[] type = contentType().getBytes(StandardCharsets.UTF_8);
    return decoder.decode(
        new RecordHeaders().add("content-type", type), text.getBytes(StandardCharsets.UTF_8));
  }

  private String contentType() {
    return json.has("specversion") ? "application/cloudevents+json" : "application/json";
  }

  /** Events of one subject share a key, so that they stay in order. */
  private String subject() {
    JsonNode data = json.path("data").isObject() ? json.path("data") : json;
    String personEmail = member(data, "personEmail");
    String[] candidates = {
      member(data, "personId"),
      personEmail == null ? null : personEmail.toLowerCase(Locale.ROOT),
      member(data, "clientId")
    };
    for (String candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    return id();
  }

  private static @Nullable String member(JsonNode data, String name) {
    String text = data.path(name).asText("");
    return text.isBlank() ? null : text;
  }
}
