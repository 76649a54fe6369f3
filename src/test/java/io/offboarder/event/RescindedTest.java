package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.Subject.Unnamed;
import java.time.ZoneOffset;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An event that takes back another")
class RescindedTest {
  private final EventDecoder decoder = new EventDecoder(new DecoderSettings("org", ZoneOffset.UTC));

  @Test
  @DisplayName("names a person, the event, or both")
  void termination() {
    Rescinded byAddress = termination("\"personEmail\":\"ann@example.com\"");
    assertThat(byAddress.subject()).isEqualTo(new Person(null, "ann@example.com", null));
    assertThat(byAddress.eventId()).isNull();
    assertThat(byAddress.key()).isEqualTo("ann@example.com");

    Rescinded byEvent = termination("\"eventId\":\"7c1f1c1e\",\"eventSource\":\"/hr\"");
    assertThat(byEvent.subject()).isEqualTo(new Unnamed(null));
    assertThat(byEvent.eventId()).isEqualTo("7c1f1c1e");
    assertThat(byEvent.eventSource()).isEqualTo("/hr");
    assertThat(byEvent.key()).isEqualTo("7c1f1c1e");

    Rescinded byBoth = termination("\"personId\":\"p1\",\"eventId\":77,\"reason\":\"stays\"");
    assertThat(byBoth.subject().key()).isEqualTo("p1");
    assertThat(byBoth.eventId()).isEqualTo("77");
    assertThat(byBoth.reason()).isEqualTo("stays");
    assertThat(byBoth.type().rescinds()).contains(EventType.USER_TERMINATED);
  }

  @Test
  @DisplayName("names an app in one org or in any, the event, or both")
  void decommission() {
    Rescinded app = (Rescinded) understood("app-decommission-rescinded", "\"clientId\":\"C1\"");
    assertThat(app.subject()).isEqualTo(new App("C1", null, null));
    assertThat(app.type().rescinds()).contains(EventType.APP_DECOMMISSIONED);
    Rescinded event = (Rescinded) understood("app-decommission-rescinded", "\"eventId\":\"e1\"");
    assertThat(event.eventId()).isEqualTo("e1");
  }

  @Test
  @DisplayName("that names nothing is rejected, as is one whose address could be mistaken")
  void rejected() {
    assertThat(rejected("user-termination-rescinded", "\"reason\":\"x\"").error().message())
        .contains("personId", "personEmail", "eventId");
    assertThat(rejected("app-decommission-rescinded", "\"reason\":\"x\"").error().message())
        .contains("clientId", "eventId");
    assertThat(
            rejected("user-termination-rescinded", "\"personEmail\":\"Ann <a@b>\"").error().field())
        .isEqualTo("data.personEmail");
    assertThat(rejected("user-termination-rescinded", "\"eventId\":{\"a\":1}").error().field())
        .isEqualTo("data.eventId");
  }

  private Rescinded termination(String members) {
    return (Rescinded) understood("hr.user-termination-rescinded.v1", members);
  }

  private OffboardingEvent understood(String type, String members) {
    return ((Understood) decode(type, members)).event();
  }

  private Rejected rejected(String type, String members) {
    return (Rejected) decode(type, members);
  }

  private Decoded decode(String type, String members) {
    String json =
        "{\"id\":\"r1\",\"type\":\"" + type + "\",\"source\":\"/hr\",\"data\":{" + members + "}}";
    return decoder.decode(new RecordHeaders(), json.getBytes(UTF_8));
  }
}
