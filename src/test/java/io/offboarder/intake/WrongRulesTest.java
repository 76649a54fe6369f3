package io.offboarder.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.offboarder.intake.IntakeRules.InvalidException;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Ignored;
import io.offboarder.intake.Reading.Matched;
import io.offboarder.intake.Reading.Unmatched;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Rules")
class WrongRulesTest extends RulesFixture {
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
}
