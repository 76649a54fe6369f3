package io.offboarder.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.testing.FieldInputs;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What the field sends")
class FieldInputsTest {
  private final EventDecoder decoder = new EventDecoder(DecoderSettings.defaults());

  static List<FieldInputs> inputs() {
    return FieldInputs.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inputs")
  @DisplayName("is acted on where its target cannot be mistaken, and otherwise refused in words")
  void kinds(FieldInputs input) {
    Decoded decoded = decoder.decode(input.headers(), input.value());

    if (input.isUnderstood()) {
      assertThat(decoded).isInstanceOf(Understood.class);
      understood(input, ((Understood) decoded).event());
    } else {
      assertThat(decoded).isInstanceOf(Rejected.class);
      rejected(input, (Rejected) decoded);
    }
  }

  private static void understood(FieldInputs input, OffboardingEvent event) {
    JsonNode right = input.json().path("understood");
    named(input, right, event.subject());
    if (right.has("effectiveAt")) {
      assertThat(event.effective().at())
          .isEqualTo(Instant.parse(right.path("effectiveAt").asText()));
    }
    if (right.has("eventId")) {
      assertThat(event.attributes().id()).isEqualTo(right.path("eventId").asText());
    }
    if (!right.has("effectiveAt")) {
      assertThat(event.effective()).isNull();
    }
    for (JsonNode note : input.json().path("notes")) {
      assertThat(event.notes()).anySatisfy(one -> assertThat(one).contains(note.asText()));
    }
    assertThat(event.notes())
        .allSatisfy(note -> assertThat(note).doesNotContain(input.email(), "\n"));
    if (event.reason() != null) {
      assertThat(event.reason()).hasSizeLessThan(1_010).doesNotContain("\n", "\t", "\ud83d");
    }
  }

  private static void rejected(FieldInputs input, Rejected rejected) {
    assertThat(rejected.error().code()).hasToString(input.json().path("rejected").asText());
    assertThat(rejected.error().message()).hasSizeLessThan(500).doesNotContain("\n");
    // An example's address would be made a pseudonym, and look like a person's.
    assertThat(rejected.error().withoutInput().message()).doesNotContain("@");
    for (JsonNode word : input.json().path("words")) {
      assertThat(rejected.error().message()).contains(word.asText());
      assertThat(rejected.error().withoutInput().message()).doesNotContain(input.email());
    }
    named(input, input.json().path("subject"), rejected.subject());
  }

  private static void named(FieldInputs input, JsonNode right, Subject subject) {
    if (input.isNobody()) {
      assertThat(subject.key()).isNull();
    }
    if (right.has("personEmail")) {
      assertThat(((Person) subject).personEmail()).isEqualTo(input.text(right.path("personEmail")));
    }
    if (right.has("personId")) {
      Identifier id = ((Person) subject).personId();
      assertThat(id.value()).isEqualTo(input.text(right.path("personId")));
      assertThat(id.received())
          .isEqualTo(right.has("received") ? right.path("received").asText() : id.value());
    }
    if (right.has("clientId")) {
      assertThat(((App) subject).clientId()).isEqualTo(right.path("clientId").asText());
      assertThat(subject.orgId().value()).isEqualTo(right.path("orgId").asText());
    }
  }
}
