package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.testing.Schemas;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The event decoder, given what chance makes")
class EventDecoderPropertiesTest extends DecoderFixture {
  private static final long SEED = 20261123;
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
}
