package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.Subject.Person;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is only shown")
class ShownMembersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 20261130;
  private static final List<String> IN_DATA =
      List.of("reason", "applicationName", "orgId", "department", "manager");
  private static final List<String> ATTRIBUTES =
      List.of("source", "time", "subject", "traceparent");

  private final EventDecoder decoder = new EventDecoder(DecoderSettings.defaults());

  @Test
  @DisplayName("never decides, whatever it is and in whichever envelope the event comes")
  void neverDecides() {
    Random random = new Random(SEED);
    for (int i = 0; i < 4_000; i++) {
      ObjectNode data = JSON.createObjectNode().put("personEmail", "ann@example.com");
      IN_DATA.forEach(name -> put(data, name, random));
      ObjectNode attributes = JSON.createObjectNode();
      ATTRIBUTES.forEach(name -> put(attributes, name, random));
      attributes.put("id", "e1").put("type", "user-terminated");
      Headers headers = new RecordHeaders();
      JsonNode value = enveloped(attributes, data, headers, random);

      Decoded decoded = decoder.decode(headers, value.toString().getBytes(UTF_8));

      assertThat(decoded)
          .as("seed %d, run %d: %s %s", SEED, i, headers, value)
          .isInstanceOfSatisfying(
              Understood.class,
              understood -> {
                OffboardingEvent event = understood.event();
                assertThat(((Person) event.subject()).personEmail()).isEqualTo("ann@example.com");
                assertThat(event.effective()).isNull();
                assertThat(event.notes()).hasSizeLessThanOrEqualTo(20);
                shown(event.reason());
                shown(event.attributes().source());
                shown(event.attributes().time());
              });
    }
  }

  private static void shown(String text) {
    if (text != null) {
      assertThat(text).hasSizeLessThan(2_010).doesNotContain("\n", "\u0000", "\u202e");
    }
  }

  private static JsonNode enveloped(
      ObjectNode attributes, ObjectNode data, Headers headers, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> attributes.set("data", data);
      case 1 -> attributes.setAll(data);
      case 2 -> attributes.put("data", data.toString());
      case 3 -> {
        headers.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
        yield attributes.put("specversion", "1.0").set("data", data);
      }
      case 4 -> {
        String prefix = random.nextBoolean() ? "ce_" : "ce-";
        attributes.put("specversion", "1.0");
        attributes
            .properties()
            .forEach(
                attribute ->
                    headers.add(
                        prefix + attribute.getKey(),
                        attribute.getValue().asText().getBytes(UTF_8)));
        yield data;
      }
      default -> {
        ObjectNode payload = attributes.set("data", data);
        ObjectNode envelope = JSON.createObjectNode().putNull("schema");
        yield random.nextBoolean()
            ? envelope.set("payload", payload)
            : envelope.put("payload", payload.toString());
      }
    };
  }

  private static void put(ObjectNode object, String name, Random random) {
    if (random.nextInt(3) > 0) {
      object.set(name, value(random, 0));
    }
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth > 3 ? 6 : 9)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.getNodeFactory().textNode("");
      case 2 -> JSON.getNodeFactory().numberNode(random.nextDouble() * 1e12);
      case 3 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
      case 4 -> JSON.getNodeFactory().textNode("x".repeat(random.nextInt(3_000)));
      case 5, 6 -> JSON.getNodeFactory().textNode(odd(random));
      case 7 -> JSON.createArrayNode().add(value(random, depth + 1));
      default -> {
        ObjectNode object = JSON.createObjectNode();
        object.set("personEmail", value(random, depth + 1));
        yield object.set("text", value(random, depth + 1));
      }
    };
  }

  private static String odd(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i >= 0; i--) {
      text.append("a \n\t\u0000\u202e\ud83d\u2028{}\"/\\".charAt(random.nextInt(13)));
    }
    return text.toString();
  }
}
