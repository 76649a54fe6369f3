package io.offboarder.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.intake.IntakeRules.InvalidException;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Item;
import io.offboarder.intake.Reading.Matched;
import java.time.ZoneId;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Rules as settings write them, and what they make of a record. */
abstract class RulesFixture {
  static final String LEAVER =
      """
      - name: leaver
        topics: [hr.*]
        when: kind = "left"
        action: terminate
        id: id
        time: at
        subject: { personEmail: mail, personId: person }
        effective:
          dates: { last-day: lastDay, access-end: accessEnd }
          choose: earliest
          required: false
          zone: Europe/Berlin
        reason: why
        immediate-reasons: ["*cause*"]
      """;

  static Intake intake(String rules) throws InvalidException {
    return new Intake(
        IntakeRules.read(rules, "intake"),
        new EventDecoder(DecoderSettings.defaults()),
        ZoneId.of("America/New_York"));
  }

  static InputRecord record(String topic, String json) {
    return new InputRecord(
        topic, 3, 42, 1_795_424_400_000L, null, json.getBytes(UTF_8), new RecordHeaders());
  }

  static Reading read(String rules, String json) throws InvalidException {
    return intake(rules).read(record("hr.events", json));
  }

  static Item only(String rules, String json) throws InvalidException {
    Reading reading = read(rules, json);
    assertThat(reading).isInstanceOf(Matched.class);
    assertThat(((Matched) reading).items()).hasSize(1);
    return ((Matched) reading).items().get(0);
  }

  static OffboardingEvent event(String rules, String json) throws InvalidException {
    Case one = (Case) only(rules, json);
    assertThat(one.decoded()).isInstanceOf(Understood.class);
    return ((Understood) one.decoded()).event();
  }

  static String fault(String rules, String json) throws InvalidException {
    Case one = (Case) only(rules, json);
    assertThat(one.decoded()).as(one.event()).isInstanceOf(Rejected.class);
    return ((Rejected) one.decoded()).error().message();
  }
}
