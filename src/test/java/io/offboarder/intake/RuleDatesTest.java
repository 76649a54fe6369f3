package io.offboarder.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.event.OffboardingEvent;
import io.offboarder.intake.IntakeRules.InvalidException;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Rules, reading when an event takes effect,")
class RuleDatesTest extends RulesFixture {
  @Test
  @DisplayName("let a reason be immediate, whatever the dates say or cannot say")
  void immediate() throws InvalidException {
    OffboardingEvent event =
        event(
            LEAVER,
            "{\"kind\":\"left\",\"mail\":\"ann@example.com\",\"why\":\"For CAUSE\",\"lastDay\":\"soon\"}");

    assertThat(event.effective()).isNull();
  }

  @ParameterizedTest(name = "{0} of {1} and {2} is {3}")
  @CsvSource({
    "earliest, 2026-11-30, 2026-12-24, 2026-11-30T23:00:00Z",
    "latest, 2026-11-30, 2026-12-24, 2026-12-24T23:00:00Z",
    "earliest, , 2026-12-24, 2026-12-24T23:00:00Z",
    "latest, 2026-11-30, , 2026-11-30T23:00:00Z",
    "last-day, 2026-11-30, 2026-10-01, 2026-11-30T23:00:00Z",
    "access-end, 2026-11-30, 2026-12-24T08:00:00Z, 2026-12-24T08:00:00Z",
    "earliest, 2026-11-30T17:00:00, , 2026-11-30T16:00:00Z",
    "earliest, 2026-07-31, , 2026-07-31T22:00:00Z",
  })
  @DisplayName("say which of two dates counts, and where a day ends")
  void dates(String choose, String lastDay, String accessEnd, Instant expected)
      throws InvalidException {
    String json =
        "{\"kind\":\"left\",\"mail\":\"ann@example.com\",\"lastDay\":\"%s\",\"accessEnd\":\"%s\"}"
            .formatted(Objects.toString(lastDay, ""), Objects.toString(accessEnd, ""));

    OffboardingEvent event = event(LEAVER.replace("choose: earliest", "choose: " + choose), json);

    assertThat(Objects.requireNonNull(event.effective()).at()).isEqualTo(expected);
  }

  @Test
  @DisplayName("take policy's zone for dates where they name none, and no zone for times")
  void zones() throws InvalidException {
    String rules = LEAVER.replace("    zone: Europe/Berlin\n", "");

    assertThat(
            Objects.requireNonNull(
                    event(
                            rules,
                            "{\"kind\":\"left\",\"mail\":\"a@example.com\",\"lastDay\":\"2026-11-30\"}")
                        .effective())
                .at())
        .isEqualTo(Instant.parse("2026-12-01T05:00:00Z"));
    assertThat(
            fault(
                rules,
                "{\"kind\":\"left\",\"mail\":\"a@example.com\",\"lastDay\":\"2026-11-30T17:00:00\"}"))
        .startsWith("leaver: effective.last-day was '2026-11-30T17:00:00', expected")
        .contains("needs a zone");
  }

  @Test
  @DisplayName("read numbers as moments only where they say how")
  void numbers() throws InvalidException {
    String json = "{\"kind\":\"left\",\"mail\":\"a@example.com\",\"lastDay\":1795424400000}";

    assertThat(fault(LEAVER, json)).startsWith("leaver: effective.last-day was a number");
    assertThat(
            Objects.requireNonNull(
                    event(LEAVER.replace("required: false", "numbers: millis"), json).effective())
                .at())
        .isEqualTo(Instant.parse("2026-11-23T09:00:00Z"));
  }
}
