package io.offboarder.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The event decoder, reading a moment")
class EventTimeTest extends DecoderFixture {
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
}
