package io.offboarder.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.intake.IntakeRules.InvalidException;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Ignored;
import io.offboarder.intake.Reading.Matched;
import io.offboarder.intake.Reading.Unmatched;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Rules")
class RulesTest extends RulesFixture {
  @Test
  @DisplayName("are tried in their order, and only for their topics")
  void order() throws InvalidException {
    String rules =
        LEAVER
            + """
            - name: rest
              topics: [hr.events]
              action: ignore
            """;

    assertThat(only(rules, "{\"kind\":\"left\",\"mail\":\"ann@example.com\"}").rule())
        .isEqualTo("leaver");
    assertThat(only(rules, "{\"kind\":\"moved\"}")).isEqualTo(new Ignored("rest"));
    assertThat(intake(rules).read(record("hr.other", "{\"kind\":\"moved\"}")))
        .isEqualTo(new Unmatched(List.of("leaver")));
    assertThat(intake(rules).read(record("it.other", "{\"kind\":\"left\"}")))
        .isEqualTo(new Unmatched(List.of()));
  }

  @Test
  @DisplayName("make a whole event of ours")
  void wholeEvent() throws InvalidException {
    OffboardingEvent event =
        event(
            LEAVER,
            "{\"kind\":\"left\",\"id\":7001,\"at\":\"2026-11-20T09:30:00+01:00\",\"mail\":\" ann@example.com\","
                + "\"why\":\"resigned\",\"lastDay\":\"2026-11-30\",\"accessEnd\":\"2026-12-24T17:00:00\"}");

    assertThat(event.attributes().id()).isEqualTo("7001");
    assertThat(event.attributes().occurredAt()).isEqualTo(Instant.parse("2026-11-20T08:30:00Z"));
    assertThat(event.key()).isEqualTo("ann@example.com");
    assertThat(event.reason()).isEqualTo("resigned");
    assertThat(Objects.requireNonNull(event.effective()).at())
        .isEqualTo(Instant.parse("2026-11-30T23:00:00Z"));
    assertThat(event.notes()).contains("mapped by the intake rule leaver");
  }

  @Test
  @DisplayName("name an event after its record, and take the record's time, where they say neither")
  void defaults() throws InvalidException {
    OffboardingEvent event = event(LEAVER, "{\"kind\":\"left\",\"mail\":\"ann@example.com\"}");

    assertThat(event.attributes().id()).isEqualTo("hr.events-3-42");
    assertThat(event.attributes().occurredAt()).isEqualTo(Instant.parse("2026-11-23T09:00:00Z"));
    assertThat(event.effective()).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'kind':'left'} | leaver: subject yielded nothing",
        "{'kind':'left','mail':''} | leaver: subject yielded nothing",
        "{'kind':'left','mail':['a@example.com','b@example.com']} | leaver: subject.personEmail was an array of 2",
        "{'kind':'left','mail':{'a':1}} | leaver: subject.personEmail was an object",
        "{'kind':'left','mail':'Ann <ann@example.com>'} | leaver: subject.personEmail was 'Ann <ann@example.com>'",
        "{'kind':'left','mail':'a@example.com','person':'../x'} | leaver: subject.personId was '../x'",
        "{'kind':'left','mail':'a@example.com','lastDay':'30.11.2026'} | leaver: effective.last-day was '30.11.2026'",
        "{'kind':'left','mail':'a@example.com','lastDay':'2026-02-30'} | leaver: effective.last-day was '2026-02-30'",
        "{'kind':'left','mail':'a@example.com','at':'yesterday'} | leaver: time was 'yesterday'",
        "{'kind':'left','mail':'a@example.com','id':['1','2']} | leaver: id was an array of 2",
        "{'kind':'left','mail':'a@example.com','why':true} | leaver: reason was true or false",
      })
  @DisplayName("reject half an event with rule and field, and never guess")
  void half(String json, String expected) throws InvalidException {
    assertThat(fault(LEAVER, json.replace('\'', '"'))).startsWith(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flag", "mails", "mails[0]", "$count(mails) > 1 ? flag : true"})
  @DisplayName("reject a record whose condition is neither true nor false")
  void conditions(String when) throws InvalidException {
    String rules =
        """
        - name: odd
          when: %s
          action: ignore
        """
            .formatted("'" + when + "'");

    assertThat(fault(rules, "{\"mails\":[\"x\",\"y\"],\"flag\":\"no\"}"))
        .startsWith("odd: when was");
  }

  @Test
  @DisplayName("of whatever a record holds, never yield an event that names somebody else")
  void generated() throws InvalidException {
    Random random = new Random(4711);
    String[] values = {
      "null",
      "\"\"",
      "\"ann@example.com\"",
      "[\"ann@example.com\"]",
      "[]",
      "{}",
      "true",
      "17",
      "[\"ann@example.com\",\"bob@example.com\"]",
      "\"ann@example.com,bob@example.com\"",
      "{\"mail\":\"bob@example.com\"}",
      "[[\"ann@example.com\"]]",
      "\"\\u0000\"",
      "1e400"
    };
    Intake intake = intake(LEAVER);
    for (int i = 0; i < 5_000; i++) {
      String mail = values[random.nextInt(values.length)];
      String json =
          "{\"kind\":\"left\",\"mail\":"
              + mail
              + ",\"manager\":{\"mail\":\"bob@example.com\"},\"id\":"
              + values[random.nextInt(values.length)]
              + ",\"lastDay\":"
              + values[random.nextInt(values.length)]
              + "}";
      Reading reading = intake.read(record("hr.events", json));
      if (reading instanceof Matched matched
          && matched.items().get(0) instanceof Case one
          && one.decoded() instanceof Understood understood) {
        assertThat(understood.event().key()).as(json).isEqualTo("ann@example.com");
        assertThat(mail)
            .isIn("\"ann@example.com\"", "[\"ann@example.com\"]", "[[\"ann@example.com\"]]");
      }
    }
  }

  @Test
  @DisplayName("leave what is no JSON, or says one thing twice, to be read as an event of ours")
  void notJson() throws InvalidException {
    assertThat(read(LEAVER, "kind=left")).isInstanceOf(Unmatched.class);
    assertThat(read(LEAVER, "{\"kind\":\"left\",\"kind\":\"moved\",\"mail\":\"a@example.com\"}"))
        .isInstanceOf(Unmatched.class);
    assertThat(read(LEAVER, "[".repeat(2_000))).isInstanceOf(Unmatched.class);
  }

  @Test
  @DisplayName("see through the envelopes of connectors")
  void envelopes() throws InvalidException {
    String inner = "{\"kind\":\"left\",\"mail\":\"ann@example.com\"}";

    assertThat(event(LEAVER, "{\"schema\":{\"type\":\"struct\"},\"payload\":" + inner + "}").key())
        .isEqualTo("ann@example.com");
    assertThat(event(LEAVER, "\"" + inner.replace("\"", "\\\"") + "\"").key())
        .isEqualTo("ann@example.com");
    assertThat(event(LEAVER, "\0\0\0\0*" + inner).key()).isEqualTo("ann@example.com");
  }
}
