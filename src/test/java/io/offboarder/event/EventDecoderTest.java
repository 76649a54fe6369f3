package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.Subject.Person;
import io.offboarder.testing.Schemas;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The event decoder")
class EventDecoderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 20261123;
  private static final Headers PLAIN = new RecordHeaders();
  private static final Headers STRUCTURED = contentType("application/cloudevents+json");
  private static final List<String> SOME_MOMENTS =
      List.of(
          "2026-11-01T00:00:00Z",
          "2026-11-01t00:00:00.1234567890z",
          "2026-11-01T00:00Z",
          "2026-11-01T00:00:00+01",
          "soon");
  private static final List<Object> SOME_VALUES =
      List.of(
          "p1",
          "Y2lzY29zcGFyazovL3Vz",
          "ann@example.com",
          "a@b",
          "a@b@c",
          " ",
          "\u00a0",
          "",
          "a b",
          "a/b",
          "..",
          "\u0007",
          "x".repeat(600),
          "x".repeat(1_200),
          "\ud83d\ude00".repeat(500),
          7,
          true,
          List.of("p1"),
          "\u00e4@b");

  private final EventDecoder decoder = new EventDecoder(new DecoderSettings(null, ZoneOffset.UTC));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user-terminated",
        "hr.user-terminated",
        "com.example.hr.user-terminated.v1",
        "com.example.hr.user-terminated.v2.1"
      })
  @DisplayName("recognises a type by its last part")
  void types(String type) {
    Decoded decoded = decode(event(type, Map.of("personId", "p1")));
    assertThat(decoded).isInstanceOf(Understood.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "user-terminated-soon", "user-terminated.", "terminated", "x/user-terminated"})
  @DisplayName("refuses every other type by name")
  void otherTypes(String type) {
    Rejected malformed = malformed(event(type, Map.of("personId", "p1")));
    assertThat(malformed.error().field()).isEqualTo("type");
  }

  @ParameterizedTest
  @CsvSource({
    "personId, ' ', invalid_value",
    "personId, a/b, invalid_value",
    "personId, 'a\\b', invalid_value",
    "personId, a b, invalid_value",
    "personId, .., invalid_value",
    "personId, 'p\u202E1', invalid_value",
    "personEmail, 'ann\u200B@example.com', invalid_value",
    "personEmail, nobody, invalid_value",
    "personEmail, a@b@c, invalid_value",
    "personEmail, @b, invalid_value",
    "effectiveAt, tomorrow, invalid_value",
    "effectiveAt, 2026-02-30, invalid_value",
    "effectiveAt, 2026-11-23T10:00:00, invalid_value",
    "effectiveAt, 23.11.2026, invalid_value",
    "effectiveAt, 1795428000, invalid_value",
    "personEmail, mailto:ann@example.com, invalid_value",
    "personEmail, Ann Lee <ann@example.com>, invalid_value",
    "personEmail, 'ann@example.com,bob@example.com', invalid_value",
    "personEmail, ann@example.com., invalid_value",
    "personEmail, ann@-example.com, invalid_value",
    "personId, Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8x, invalid_value",
  })
  @DisplayName("names the member, what was there and what was expected")
  void members(String member, String value, String code) {
    ObjectNode event = event("user-terminated", Map.of("personId", "p1"));
    event.withObject("data").put(member, value);

    Rejected malformed = malformed(event);

    assertThat(malformed.error().code()).hasToString(code);
    assertThat(malformed.error().field()).isEqualTo("data." + member);
    assertThat(malformed.error().message()).contains("data." + member, "expected");
  }

  @Test
  @DisplayName("an e-mail address never stands in for an id that is wrong")
  void noFallback() {
    Rejected malformed =
        malformed(
            event("user-terminated", Map.of("personId", "a/b", "personEmail", "ann@example.com")));
    assertThat(malformed.error().field()).isEqualTo("data.personId");
    assertThat(malformed.subject()).isEqualTo(new Person(null, "ann@example.com", null));
  }

  @Test
  @DisplayName("carries when the event takes effect, and leaves it to others whether that has come")
  void effective() {
    ObjectNode event =
        event(
            "user-terminated",
            Map.of("personId", "p1", "effectiveAt", "2999-11-23T13:00:00+01:00"));
    assertThat(((Understood) decode(event)).event().effective())
        .isEqualTo(new EffectiveTime(Instant.parse("2999-11-23T12:00:00Z"), "data.effectiveAt"));
  }

  @Test
  @DisplayName("knows a dry run by its member alone, and refuses what could have been meant as one")
  void dryRun() {
    Map<String, String> person = Map.of("personId", "p1");
    assertThat(execution(event("user-terminated", person))).isEqualTo(Execution.REAL);
    for (boolean asText : List.of(true, false)) {
      ObjectNode event = event("user-terminated", person);
      ObjectNode data = event.withObject("/data");
      if (asText) {
        data.put("dryRun", "true");
      } else {
        data.put("dryRun", true);
      }
      assertThat(execution(event)).isEqualTo(Execution.DRY_RUN);
    }
    for (String odd : List.of("yes", "TRUE", "1")) {
      ObjectNode event = event("user-terminated", Map.of("personId", "p1", "dryRun", odd));
      assertThat(malformed(event).error().field()).isEqualTo("data.dryRun");
    }
    for (String misspelt : List.of("dryrun", "dry_run", "DRY-RUN")) {
      ObjectNode event = event("user-terminated", Map.of("personId", "p1", misspelt, "true"));
      assertThat(malformed(event).error().field()).isEqualTo("data." + misspelt);
    }
    ObjectNode rescind =
        event("user-termination-rescinded", Map.of("personId", "p1", "dryRun", "true"));
    assertThat(malformed(rescind).error().message()).contains("no dry run of taking back");
  }

  private Execution execution(ObjectNode event) {
    return ((Understood) decode(event)).event().execution();
  }

  @Test
  @DisplayName("an app's org may come from the configured default, and is never missing")
  void defaultOrg() {
    ObjectNode event = event("app-decommissioned", Map.of("clientId", "C1"));
    assertThat(malformed(event).error().field()).isEqualTo("data.orgId");

    Decoded decoded =
        new EventDecoder(new DecoderSettings("org-1", ZoneOffset.UTC))
            .decode(new RecordHeaders(), bytes(event));

    assertThat(((Understood) decoded).event())
        .isInstanceOfSatisfying(
            AppDecommissioned.class, app -> assertThat(app.orgId()).isEqualTo("org-1"));
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
  @ValueSource(
      strings = {
        "2026-11-23T10:00:00+01:00:30",
        "-2026-11-23T10:00:00Z",
        "2026-11-23T10:00:000Z",
        "2026-02-30T10:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T10:00:00 PST",
        "2026-11-23T10:00:00"
      })
  @DisplayName("a moment that is no single moment is refused, and no note says that it is one")
  void moments(String moment) {
    ObjectNode event = event("user-terminated", Map.of("personId", "p1", "effectiveAt", moment));
    Rejected malformed = malformed(event);
    assertThat(malformed.error().field()).isEqualTo("data.effectiveAt");
    assertThat(malformed.notes()).isEmpty();
  }

  @Test
  @DisplayName("the last day of all ends with the last moment that an outcome can show")
  void lastDay() {
    Map<String, String> never = Map.of("personId", "p1", "effectiveAt", "9999-12-31");
    Understood understood =
        (Understood) decoder.decode(new RecordHeaders(), bytes(event("user-terminated", never)));
    assertThat(understood.event().effective().at()).hasToString("9999-12-31T23:59:59.999999999Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-23t10:00:00z",
        "2026-11-23T10:00:00.1234567890123Z",
        "2026-11-23T10:00:00-00:00",
        "2026-11-23T10:00:00.5+05:30",
        "2026-11-23T10:00Z",
        "2026-11-23 10:00:00Z",
        "2026-11-23T10:00:00+01",
        "2026-11-23T10:00:00.000+0000",
        "2026-11-23T10:00:00GMT",
        "2026-11-23T10:00:00 UTC",
        "2026-11-23T10:00:00+01:00[Europe/Berlin]",
        "2026-06-30T23:59:60Z",
        "Mon, 23 Nov 2026 10:00:00 GMT"
      })
  @DisplayName("a moment may be written in any way that names one moment alone")
  void oddMoments(String moment) {
    ObjectNode event = event("user-terminated", Map.of("personId", "p1", "effectiveAt", moment));
    assertThat(decode(event)).isInstanceOf(Understood.class);
  }

  @Test
  @DisplayName("a message shows nothing invisible of what was sent, and little of it")
  void messages() {
    String odd = "a/\u202e\u200b\ud800" + "\u0007".repeat(400);
    Rejected malformed = malformed(event("user-terminated", Map.of("personId", odd)));
    assertThat(malformed.error().message())
        .contains("\\u202e", "\\u200b")
        .doesNotContain("\u202e", "\u200b", "\u0007", "\ud800")
        .hasSizeLessThan(250);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "huge"})
  @DisplayName("an id that breaks lines or is huge is shown escaped and shortened")
  void oddIds(String id) {
    Headers headers = new RecordHeaders();
    String sent = id.equals("huge") ? "x".repeat(500_000) : id;
    headers.add("ce_specversion", "1.0".getBytes(UTF_8));
    headers.add("ce_id", sent.getBytes(UTF_8));
    headers.add("ce_type", "user-terminated".getBytes(UTF_8));
    headers.add("ce_source", "/hr".getBytes(UTF_8));
    headers.add("content-type", "application/json".getBytes(UTF_8));

    Decoded decoded = decoder.decode(headers, "{\"personId\":\"p1\"}".getBytes(UTF_8));

    OffboardingEvent event = ((Understood) decoded).event();
    assertThat(event.attributes().id()).hasSizeLessThan(1_010).doesNotContain("\n");
    assertThat(event.notes()).singleElement().asString().startsWith("ce_id had");
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

  @Test
  @DisplayName(
      "whatever is done to an event, it is understood or refused in words, and never throws")
  void mutations() {
    Random random = new Random(SEED);
    byte[] good =
        bytes(event("user-terminated", Map.of("personId", "p1", "personEmail", "ann@example.com")));
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      Headers headers = new RecordHeaders();
      if (random.nextBoolean()) {
        headers.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
      }
      if (random.nextInt(4) == 0) {
        headers.add("ce_specversion", new byte[] {'1', '.', (byte) random.nextInt(256)});
      }
      if (decoder.decode(headers, mutated) instanceof Rejected malformed) {
        assertThat(malformed.error().field()).as("seed %d, run %d", SEED, i).isNotBlank();
        assertThat(malformed.error().message())
            .as("seed %d, run %d", SEED, i)
            .isNotBlank()
            .hasSizeLessThan(500)
            .doesNotContain("\n", "\r", "\0");
      }
    }
  }

  @Test
  @DisplayName("takes what the schemas accept as it is, and notes or refuses everything else")
  void agreesWithSchemas() {
    Random random = new Random(SEED);
    EventDecoder decoder = new EventDecoder(new DecoderSettings("org-1", ZoneOffset.UTC));
    int accepted = 0;
    for (int i = 0; i < 6_000; i++) {
      boolean app = random.nextBoolean();
      ObjectNode event = someEvent(random, app);
      String asked = app ? "app-decommissioned" : "user-terminated";
      boolean structured = random.nextBoolean();
      boolean valid =
          Schemas.faults(Schemas.event(asked), event.toString()).isEmpty()
              && (!structured
                  || Schemas.faults(Schemas.structured(asked), event.toString()).isEmpty());

      Decoded decoded = decoder.decode(structured ? STRUCTURED : PLAIN, bytes(event));

      assertThat(decoded instanceof Understood understood && understood.event().notes().isEmpty())
          .as("seed %d, run %d: %s %s", SEED, i, event, decoded)
          .isEqualTo(valid);
      accepted += valid ? 1 : 0;
    }
    assertThat(accepted).isBetween(600, 5_400);
  }

  private static ObjectNode someEvent(Random random, boolean app) {
    ObjectNode event = event(app ? "app-decommissioned" : "user-terminated", Map.of());
    ObjectNode data = event.withObject("data");
    if (random.nextInt(3) == 0) {
      event.remove("data");
      data = event;
    }
    if (random.nextInt(10) > 0) {
      event.put("specversion", "1.0");
    }
    if (random.nextInt(8) == 0) {
      String attribute = List.of("specversion", "id", "source", "time").get(random.nextInt(4));
      event.set(attribute, JSON.valueToTree(someValue(random)));
    }
    for (String member :
        List.of("personId", "personEmail", "clientId", "orgId", "reason", "applicationName")) {
      if (random.nextInt(3) > 0) {
        data.set(member, JSON.valueToTree(someValue(random)));
      }
    }
    if (random.nextInt(4) == 0) {
      data.put("effectiveAt", SOME_MOMENTS.get(random.nextInt(SOME_MOMENTS.size())));
    }
    return event;
  }

  private static Object someValue(Random random) {
    return random.nextInt(3) == 0
        ? SOME_VALUES.get(random.nextInt(SOME_VALUES.size()))
        : SOME_VALUES.get(random.nextInt(4));
  }

  private Decoded decode(ObjectNode event) {
    return decoder.decode(new RecordHeaders(), bytes(event));
  }

  private Rejected malformed(ObjectNode event) {
    Decoded decoded = decode(event);
    assertThat(decoded).isInstanceOf(Rejected.class);
    return (Rejected) decoded;
  }

  private static ObjectNode event(String type, Map<String, String> data) {
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
  private static ObjectNode cloudEvent() {
    return event("user-terminated", Map.of("personId", "p1")).put("specversion", "1.0");
  }

  private static Headers contentType(String contentType) {
    return new RecordHeaders().add("content-type", contentType.getBytes(UTF_8));
  }

  private static Headers binary(JsonNode attributes) {
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

  private static byte[] bytes(JsonNode event) {
    return event.toString().getBytes(UTF_8);
  }
}
