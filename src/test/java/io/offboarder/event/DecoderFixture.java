package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Decoded.Rejected;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The event decoder, and events to give to it. */
abstract class DecoderFixture {
  static final ObjectMapper JSON = new ObjectMapper();
  static final Headers PLAIN = new RecordHeaders();
  static final Headers STRUCTURED = contentType("application/cloudevents+json");

  final EventDecoder decoder = new EventDecoder(new DecoderSettings(null, ZoneOffset.UTC));

  Decoded decode(ObjectNode event) {
    return decoder.decode(new RecordHeaders(), bytes(event));
  }

  Rejected malformed(ObjectNode event) {
    Decoded decoded = decode(event);
    assertThat(decoded).isInstanceOf(Rejected.class);
    return (Rejected) decoded;
  }

  static ObjectNode event(String type, Map<String, String> data) {
    ObjectNode event =
        JSON.createObjectNode()
            .put("id", "e1")
            .put("type", type)
            .put("source", "/hr")
            .put("time", "2026-11-23T09:00:00Z");
    ObjectNode members = event.putObject("data");
    data.forEach(members::put);
    return event;
  }

  /** A user-terminated event in structured mode. */
  static ObjectNode cloudEvent() {
    return event("user-terminated", Map.of("personId", "p1")).put("specversion", "1.0");
  }

  static Headers contentType(String contentType) {
    return new RecordHeaders().add("content-type", contentType.getBytes(UTF_8));
  }

  static Headers binary(JsonNode attributes) {
    Headers headers = contentType("application/json");
    attributes
        .properties()
        .forEach(
            attribute -> {
              String text = attribute.getValue().textValue();
              if (text != null) {
                headers.add("ce_" + attribute.getKey(), text.getBytes(UTF_8));
              }
            });
    return headers;
  }

  static byte[] bytes(JsonNode event) {
    return event.toString().getBytes(UTF_8);
  }
}
