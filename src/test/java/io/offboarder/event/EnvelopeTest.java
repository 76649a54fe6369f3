package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The event decoder, reading an envelope")
class EnvelopeTest extends DecoderFixture {
  @Test
  @DisplayName("understands what the CloudEvents SDK writes, in both modes")
  void writtenBySdk() {
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId("e1")
            .withType("com.example.hr.user-terminated.v1")
            .withSource(URI.create("/hr/workday"))
            .withTime(OffsetDateTime.parse("2026-11-23T09:00:00.123456789+01:00"))
            .withData("application/json", "{\"personId\":\"p1\"}".getBytes(UTF_8))
            .withExtension("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .build();
    ProducerRecord<Void, byte[]> binary =
        KafkaMessageFactory.createWriter("topic").writeBinary(event);
    ProducerRecord<Void, byte[]> structured =
        KafkaMessageFactory.createWriter("topic").writeStructured(event, new JsonFormat());

    for (ProducerRecord<Void, byte[]> record : List.of(binary, structured)) {
      Decoded decoded = decoder.decode(record.headers(), record.value());
      assertThat(decoded)
          .isInstanceOfSatisfying(
              Understood.class,
              understood -> {
                EventAttributes attributes = understood.event().attributes();
                assertThat(attributes.id()).isEqualTo("e1");
                assertThat(attributes.source()).isEqualTo("/hr/workday");
                assertThat(attributes.time()).isEqualTo("2026-11-23T09:00:00.123456789+01:00");
                assertThat(understood.event().subject().key()).isEqualTo("p1");
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce_id", "ce_type", "ce_specversion", "content-type"})
  @DisplayName("does not choose between two headers of one name, where they differ")
  void twice(String name) {
    Headers headers = binary(cloudEvent().without("data"));
    headers.add(name, headers.lastHeader(name).value());
    Decoded equal = decoder.decode(headers, bytes(cloudEvent().get("data")));
    assertThat(((Understood) equal).event().notes()).contains(name + " was there more than once");
    headers.add(name, "another".getBytes(UTF_8));

    Rejected malformed = (Rejected) decoder.decode(headers, bytes(cloudEvent().get("data")));

    assertThat(malformed.error().field()).isEqualTo(name);
    assertThat(malformed.error().code()).hasToString("malformed_envelope");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/xml", "application/cloudevents-batch+json", "avro"})
  @DisplayName("refuses content types that no event comes in")
  void contentTypes(String contentType) {
    Decoded decoded = decoder.decode(contentType(contentType), bytes(cloudEvent()));
    assertThat(((Rejected) decoded).error().field()).isEqualTo("content-type");
  }

  @ParameterizedTest
  @CsvSource({
    "specversion, , missing_member",
    "specversion, 0.3, invalid_value",
    "id, , missing_member",
    "id, ' ', invalid_value",
    "type, , missing_member",
    "type, ' ', invalid_value",
  })
  @DisplayName("names the attribute that a CloudEvent lacks or has wrong, in both modes")
  void brokenEnvelope(String attribute, String value, String code) {
    ObjectNode event = cloudEvent();
    event.put(attribute, value);
    ObjectNode attributes = event.deepCopy();
    attributes.remove("data");

    Rejected structured = (Rejected) decoder.decode(STRUCTURED, bytes(event));
    Rejected binary = (Rejected) decoder.decode(binary(attributes), bytes(event.get("data")));

    assertThat(structured.error().field()).isEqualTo(attribute);
    assertThat(structured.error().code()).hasToString(code);
    assertThat(structured.subject().key()).isEqualTo("p1");
    assertThat(binary.error().field()).isEqualTo("ce_" + attribute);
    assertThat(binary.error().code()).hasToString(code);
    assertThat(binary.subject().key()).isEqualTo("p1");
    if (!attribute.equals("id")) {
      assertThat(structured.attributes().id()).isEqualTo("e1");
      assertThat(binary.attributes().id()).isEqualTo("e1");
    }
  }

  @Test
  @DisplayName("an attribute of another JSON type is named, with what it was")
  void attributeTypes() {
    for (String attribute : List.of("specversion", "id", "type")) {
      ObjectNode event = cloudEvent();
      event.putArray(attribute).add(1);
      Rejected malformed = (Rejected) decoder.decode(STRUCTURED, bytes(event));
      assertThat(malformed.error().message()).contains(attribute + " was an array");
    }
  }

  @Test
  @DisplayName("reads data in Base64, and refuses to choose between it and data")
  void base64() {
    ObjectNode event = cloudEvent();
    event.remove("data");
    event.put("data_base64", "{\"personId\":\"p1\"}".getBytes(UTF_8));
    assertThat(decoder.decode(STRUCTURED, bytes(event))).isInstanceOf(Understood.class);
    assertThat(decode(event)).isInstanceOf(Understood.class);

    event.putObject("data").put("personId", "p2");
    assertThat(((Rejected) decoder.decode(STRUCTURED, bytes(event))).error().field())
        .isEqualTo("data_base64");
    event.putNull("data");
    event.put("data_base64", "~~~");
    assertThat(((Rejected) decoder.decode(STRUCTURED, bytes(event))).error().field())
        .isEqualTo("data_base64");
  }

  @Test
  @DisplayName("refuses data that says it is no JSON")
  void dataContentType() {
    ObjectNode event = cloudEvent().put("datacontenttype", "text/xml");
    assertThat(((Rejected) decoder.decode(STRUCTURED, bytes(event))).error().field())
        .isEqualTo("datacontenttype");
    event.put("datacontenttype", "application/json; charset=utf-8");
    assertThat(decoder.decode(STRUCTURED, bytes(event))).isInstanceOf(Understood.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Application/CloudEvents+JSON", " application/cloudevents+json ; charset=utf-8"})
  @DisplayName("reads a content type in any case, and ignores extensions it does not know")
  void lenientEnvelope(String contentType) {
    ObjectNode event = cloudEvent().put("my_Ext-x", 1.5).put("dataschema", "no uri");
    assertThat(decoder.decode(contentType(contentType), bytes(event)))
        .isInstanceOf(Understood.class);
  }

  @Test
  @DisplayName("ignores headers it does not know, a null one among them")
  void lenientHeaders() {
    Headers headers = binary(cloudEvent().without("data"));
    headers.remove("content-type");
    headers.add("content-type", null).add("ce_My-Ext", new byte[] {-1}).add("ce_dataschema", null);
    assertThat(decoder.decode(headers, "{\"personId\":\"p1\"}".getBytes(UTF_8)))
        .isInstanceOf(Understood.class);
  }

  @Test
  @DisplayName("duplicate members, trailing text and broken UTF-8 are no JSON here")
  void strict() {
    for (String text :
        List.of(
            "{\"id\":\"e\",\"id\":\"f\"}",
            "{} {}",
            "{\"id\":\"e\"",
            "{'id':'e'}",
            "[".repeat(2_000))) {
      Rejected malformed = (Rejected) decoder.decode(new RecordHeaders(), text.getBytes(UTF_8));
      assertThat(malformed.error().code()).as(text).hasToString("malformed_json");
      assertThat(malformed.error().message()).hasSizeLessThan(400);
    }
    byte[] broken = bytes(event("user-terminated", Map.of("personId", "px")));
    broken[new String(broken, UTF_8).indexOf("px")] = (byte) 0xff;
    assertThat(decoder.decode(new RecordHeaders(), broken)).isInstanceOf(Rejected.class);
  }
}
