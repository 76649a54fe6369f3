package io.offboarder.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.intake.IntakeRules.InvalidException;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Ignored;
import io.offboarder.intake.Reading.Item;
import io.offboarder.intake.Reading.Matched;
import io.offboarder.intake.Reading.Unmatched;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Rules")
class RulesTest {
  private static final String LEAVER =
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

  private static Intake intake(String rules) throws InvalidException {
    return new Intake(
        IntakeRules.read(rules, "intake"),
        new EventDecoder(DecoderSettings.defaults()),
        ZoneId.of("America/New_York"));
  }

  private static InputRecord record(String topic, String json) {
    return new InputRecord(
        topic, 3, 42, 1_795_424_400_000L, null, json.getBytes(UTF_8), new RecordHeaders());
  }

  private static Reading read(String rules, String json) throws InvalidException {
    return intake(rules).read(record("hr.events", json));
  }

  private static Item only(String rules, String json) throws InvalidException {
    Reading reading = read(rules, json);
    assertThat(reading).isInstanceOf(Matched.class);
    assertThat(((Matched) reading).items()).hasSize(1);
    return ((Matched) reading).items().get(0);
  }

  private static OffboardingEvent event(String rules, String json) throws InvalidException {
    Case one = (Case) only(rules, json);
    assertThat(one.decoded()).isInstanceOf(Understood.class);
    return ((Understood) one.decoded()).event();
  }

  private static String fault(String rules, String json) throws InvalidException {
    Case one = (Case) only(rules, json);
    assertThat(one.decoded()).as(one.event()).isInstanceOf(Rejected.class);
    return ((Rejected) one.decoded()).error().message();
  }

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

  @Test
  @DisplayName("that are wrong are all named at once, each with its place")
  void faults() {
    InvalidException wrong =
        catchThrowableOfType(
            InvalidException.class,
            () ->
                IntakeRules.read(
                    """
                    - name: one
                      when: kind = = "left"
                      action: terminate
                      subject: { personEmail: mail, email: mail }
                      effective: { dates: { a: x, b: y }, zone: Mars, choose: c }
                    - name: one
                      action: fire
                      subject: { personEmail: $who }
                    - name: batch
                      events: list
                      action: ignore
                      rules: [ { name: inner, action: ignore, id: x } ]
                    - preset: unheard-of
                    - preset: workday
                      subject: x
                    - name: table
                      action: ignore
                      tables: { people: { file: /no/such/file, key: a, value: b } }
                    - just text
                    """,
                    "offboarder.intake"));

    assertThat(wrong.faults())
        .anySatisfy(
            line -> assertThat(line).startsWith("offboarder.intake[0] (one): when character "))
        .anySatisfy(line -> assertThat(line).contains("subject: email is not known here"))
        .anySatisfy(line -> assertThat(line).contains("zone is no time zone"))
        .anySatisfy(line -> assertThat(line).contains("choose is \"c\""))
        .anySatisfy(line -> assertThat(line).contains("name is \"one\""))
        .anySatisfy(line -> assertThat(line).contains("action is \"fire\"; expected terminate"))
        .anySatisfy(
            line -> assertThat(line).contains("subject.personEmail character 1: there is no $who"))
        .anySatisfy(line -> assertThat(line).contains("batch): action is not known here"))
        .anySatisfy(line -> assertThat(line).contains("id has no meaning where nothing is done"))
        .anySatisfy(line -> assertThat(line).contains("preset is \"unheard-of\""))
        .anySatisfy(line -> assertThat(line).contains("subject is not known here"))
        .anySatisfy(line -> assertThat(line).contains("/no/such/file does not exist"))
        .anySatisfy(line -> assertThat(line).startsWith("offboarder.intake[6] is no section"));
  }

  @Test
  @DisplayName("keep a table's rows while its file is not as it should be")
  void brokenTable(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("people.csv"), "number,mail\n1,ann@example.com\n");
    LookupTable table = LookupTable.read(new LookupTable.Source(file, "number", "mail"));
    assertThat(table.find(" 1 ")).isEqualTo("ann@example.com");

    change(file, "number,mail\n1,ann@example.com\n1,bob@example.com\n", 10);
    table.refresh();
    assertThat(table.find("1")).isEqualTo("ann@example.com");

    change(file, "\ufeffnumber;mail\n", 20);
    table.refresh();
    assertThat(table.find("1")).isEqualTo("ann@example.com");

    Files.delete(file);
    table.refresh();
    assertThat(table.find("1")).isEqualTo("ann@example.com");

    change(file, "\ufeffnumber,mail\n2,bob@example.com\n", 30);
    table.refresh();
    assertThat(table.find("1")).isNull();
    assertThat(table.find("2")).isEqualTo("bob@example.com");
  }

  private static void change(Path file, String text, int later) throws Exception {
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(later)));
  }

  @Test
  @DisplayName("without events are for no array, whose elements their paths would mix up")
  void arrays() throws Exception {
    String rows = "[{\"kind\":\"left\"},{\"mail\":\"new@example.com\"}]";
    assertThat(read(LEAVER, rows)).isInstanceOf(Unmatched.class);
    assertThat(read(LEAVER + "- { name: other, when: 1 = 1, action: ignore }", rows))
        .isInstanceOf(Unmatched.class);
    assertThat(only(LEAVER + "- { name: all, action: ignore }", rows))
        .isEqualTo(new Ignored("all"));
  }

  @Test
  @DisplayName("whose table cannot be read are told that alone, not that they have none")
  void oneFaultForOneTable(@TempDir Path folder) throws Exception {
    Path table = Files.writeString(folder.resolve("people.csv"), "id;email\n7;ann@example.com\n");
    String rules =
        "- { preset: gusto, tables: { employees: { file: '%s', key: id, value: email } } }"
            .formatted(table);

    assertThat(catchThrowableOfType(InvalidException.class, () -> intake(rules)).faults())
        .singleElement()
        .asString()
        .endsWith("people.csv has no column id in its first line, between commas");
  }

  @Test
  @DisplayName("of a preset may be there twice, for two tenants, under names of their own")
  void presetTwice() throws Exception {
    String tenants =
        """
        - { preset: workday, topics: [hr.events], zone: Europe/Berlin }
        - { preset: workday, name: workday-us, topics: [us.events], zone: America/New_York }
        """;
    String leaver =
        """
        {"Event_ID":"T-1","Event_Type":"Termination","Event_Status":"Completed","Employee_ID":"1",
         "Work_Email":"ann@example.com","Termination_Date":"2026-11-30"}
        """;
    Case european = (Case) only(tenants, leaver);
    Case american =
        (Case) ((Matched) intake(tenants).read(record("us.events", leaver))).items().get(0);

    assertThat(european.rule()).isEqualTo("workday/leaver");
    assertThat(european.event()).contains("2026-11-30T23:00:00Z");
    assertThat(american.rule()).isEqualTo("workday-us/leaver");
    assertThat(american.event()).contains("2026-12-01T05:00:00Z");
    assertThat(
            catchThrowableOfType(
                InvalidException.class, () -> intake("- preset: okta\n- preset: okta\n")))
        .satisfies(
            fault ->
                assertThat(fault.faults())
                    .singleElement()
                    .asString()
                    .contains("[1]", "preset is \"okta\"", "give this entry a name of its own"));
  }
}
