package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import io.offboarder.event.Decoded.Malformed;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.testing.Schemas;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
  private static final long SEED = 20261123;

  private final EventDecoder decoder = new EventDecoder(null, CLOCK);

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
    Malformed malformed = malformed(event(type, Map.of("personId", "p1")));
    assertThat(malformed.fault().field()).isEqualTo("type");
  }

  @ParameterizedTest
  @CsvSource({
    "personId, ' ', invalid_value",
    "personId, a/b, invalid_value",
    "personId, 'a\\b', invalid_value",
    "personId, a b, invalid_value",
    "personId, .., invalid_value",
    "personEmail, nobody, invalid_value",
    "personEmail, a@b@c, invalid_value",
    "personEmail, @b, invalid_value",
    "orgId, ' ', invalid_value",
    "effectiveAt, tomorrow, invalid_value",
    "effectiveAt, 2026-11-23, invalid_value",
    "effectiveAt, 2026-11-23T12:00:01Z, effective_in_future",
  })
  @DisplayName("names the member, what was there and what was expected")
  void members(String member, String value, String code) {
    ObjectNode event = event("user-terminated", Map.of("personId", "p1"));
    event.withObject("data").put(member, value);

    Malformed malformed = malformed(event);

    assertThat(malformed.fault().code()).hasToString(code);
    assertThat(malformed.fault().field()).isEqualTo("data." + member);
    assertThat(malformed.fault().message()).contains("data." + member, "expected");
  }

  @Test
  @DisplayName("an e-mail address never stands in for an id that is wrong")
  void noFallback() {
    Malformed malformed =
        malformed(
            event("user-terminated", Map.of("personId", "a/b", "personEmail", "ann@example.com")));
    assertThat(malformed.fault().field()).isEqualTo("data.personId");
    assertThat(malformed.subject().personEmail()).isEqualTo("ann@example.com");
  }

  @Test
  @DisplayName("a moment that has come is acted on")
  void effectiveNow() {
    ObjectNode event =
        event(
            "user-terminated",
            Map.of("personId", "p1", "effectiveAt", "2026-11-23T13:00:00+01:00"));
    assertThat(decode(event)).isInstanceOf(Understood.class);
  }

  @Test
  @DisplayName("an app's org may come from the configured default, and is never missing")
  void defaultOrg() {
    ObjectNode event = event("app-decommissioned", Map.of("clientId", "C1"));
    assertThat(malformed(event).fault().field()).isEqualTo("data.orgId");

    Decoded decoded = new EventDecoder("org-1", CLOCK).decode(new RecordHeaders(), bytes(event));

    assertThat(((Understood) decoded).event())
        .isInstanceOfSatisfying(
            AppDecommissioned.class, app -> assertThat(app.orgId()).isEqualTo("org-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/xml", "application/cloudevents-batch+json", "avro"})
  @DisplayName("refuses content types that no event comes in")
  void contentTypes(String contentType) {
    Headers headers = new RecordHeaders();
    headers.add("content-type", contentType.getBytes(UTF_8));
    Decoded decoded =
        decoder.decode(headers, bytes(event("user-terminated", Map.of("personId", "p"))));
    assertThat(((Malformed) decoded).fault().field()).isEqualTo("content-type");
  }

  @Test
  @DisplayName(
      "a CloudEvent that lacks what the specification demands is refused, its attributes kept")
  void brokenEnvelope() {
    Headers headers = new RecordHeaders();
    headers.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
    ObjectNode event = event("user-terminated", Map.of("personId", "p1"));
    event.put("specversion", "1.0").remove("source");

    Malformed malformed = (Malformed) decoder.decode(headers, bytes(event));

    assertThat(malformed.fault().code()).hasToString("malformed_envelope");
    assertThat(malformed.attributes().id()).isEqualTo("e1");
    assertThat(malformed.subject().personId()).isEqualTo("p1");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "a\nb", "huge"})
  @DisplayName(
      "an id that is blank, breaks lines or is huge is refused in CloudEvents too, and shown nowhere")
  void oddIds(String id) {
    Headers headers = new RecordHeaders();
    String sent = id.equals("huge") ? "x".repeat(500_000) : id;
    headers.add("ce_specversion", "1.0".getBytes(UTF_8));
    headers.add("ce_id", sent.getBytes(UTF_8));
    headers.add("ce_type", "user-terminated".getBytes(UTF_8));
    headers.add("ce_source", "/hr".getBytes(UTF_8));
    headers.add("content-type", "application/json".getBytes(UTF_8));

    Decoded decoded = decoder.decode(headers, "{\"personId\":\"p1\"}".getBytes(UTF_8));

    assertThat(decoded).isInstanceOf(Malformed.class);
    assertThat(decoded.toString()).hasSizeLessThan(1_500).doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Application/CloudEvents+JSON", " application/cloudevents+json ; charset=utf-8"})
  @DisplayName("reads a content type in any case, and ignores extensions it does not know")
  void lenientEnvelope(String contentType) {
    Headers headers = new RecordHeaders();
    headers.add("content-type", contentType.getBytes(UTF_8));
    ObjectNode event = event("user-terminated", Map.of("personId", "p1"));
    event.put("specversion", "1.0").put("my_Ext-x", 1.5).put("dataschema", "no uri");

    assertThat(decoder.decode(headers, bytes(event))).isInstanceOf(Understood.class);
  }

  @Test
  @DisplayName("duplicate members, trailing text and broken UTF-8 are no JSON here")
  void strict() {
    for (String text :
        List.of(
            "{\"id\":\"e\",\"id\":\"f\"}",
            "{} {}",
            "{\"id\":\"e\"",
            "{\"id\":NaN}",
            "{'id':'e'}",
            "[".repeat(2_000))) {
      Malformed malformed = (Malformed) decoder.decode(new RecordHeaders(), text.getBytes(UTF_8));
      assertThat(malformed.fault().code()).as(text).hasToString("malformed_json");
      assertThat(malformed.fault().message()).hasSizeLessThan(400);
    }
    byte[] broken = bytes(event("user-terminated", Map.of("personId", "px")));
    broken[new String(broken, UTF_8).indexOf("px")] = (byte) 0xff;
    assertThat(decoder.decode(new RecordHeaders(), broken)).isInstanceOf(Malformed.class);
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
      if (decoder.decode(headers, mutated) instanceof Malformed malformed) {
        assertThat(malformed.fault().field()).as("seed %d, run %d", SEED, i).isNotBlank();
        assertThat(malformed.fault().message())
            .as("seed %d, run %d", SEED, i)
            .isNotBlank()
            .hasSizeLessThan(500)
            .doesNotContain("\n", "\r", "\0");
      }
    }
  }

  @Test
  @DisplayName("accepts exactly the data that the schemas accept")
  void agreesWithSchemas() {
    Random random = new Random(SEED);
    int accepted = 0;
    for (int i = 0; i < 4_000; i++) {
      boolean app = random.nextBoolean();
      ObjectNode data = JSON.createObjectNode();
      for (String member :
          List.of("personId", "personEmail", "clientId", "orgId", "reason", "applicationName")) {
        if (random.nextInt(3) > 0) {
          data.set(member, JSON.valueToTree(someValue(random)));
        }
      }
      if (random.nextInt(4) == 0) {
        data.put("effectiveAt", random.nextBoolean() ? "2026-11-01T00:00:00Z" : "soon");
      }
      ObjectNode event = event(app ? "app-decommissioned" : "user-terminated", Map.of());
      event.set("data", data);
      Schema schema = app ? Schemas.APP_DECOMMISSIONED : Schemas.USER_TERMINATED;
      boolean valid = Schemas.faults(schema, data.toString()).isEmpty();

      Decoded decoded = new EventDecoder("org-1", CLOCK).decode(new RecordHeaders(), bytes(event));

      assertThat(decoded instanceof Understood)
          .as("seed %d, run %d: %s %s", SEED, i, data, decoded)
          .isEqualTo(valid);
      accepted += valid ? 1 : 0;
    }
    assertThat(accepted).isBetween(300, 3_700);
  }

  private static Object someValue(Random random) {
    List<Object> values =
        List.of(
            "p1",
            "Y2lzY29zcGFyazovL3Vz",
            "ann@example.com",
            "a@b",
            "a@b@c",
            " ",
            "",
            "a b",
            "a/b",
            "..",
            "\u0007",
            "x".repeat(600),
            "x".repeat(1_200),
            7,
            true,
            List.of("p1"),
            "\u00e4@b");
    return random.nextInt(3) == 0
        ? values.get(random.nextInt(values.size()))
        : values.get(random.nextInt(4));
  }

  private Decoded decode(ObjectNode event) {
    return decoder.decode(new RecordHeaders(), bytes(event));
  }

  private Malformed malformed(ObjectNode event) {
    Decoded decoded = decode(event);
    assertThat(decoded).isInstanceOf(Malformed.class);
    return (Malformed) decoded;
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

  private static byte[] bytes(ObjectNode event) {
    return event.toString().getBytes(UTF_8);
  }
}
