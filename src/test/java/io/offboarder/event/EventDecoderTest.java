package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.Subject.Person;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The event decoder")
class EventDecoderTest extends DecoderFixture {
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
}
