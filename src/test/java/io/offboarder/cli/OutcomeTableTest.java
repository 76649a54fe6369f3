package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The table of outcomes")
class OutcomeTableTest {
  private static final String REVOKED =
      """
      {"status":"revoked","subject":{"personId":"Y2lz","personEmail":"ann@example.com"},
       "event":{"id":"e1"},
       "authorizations":[{"applicationName":"Slides","result":"revoked"},
         {"applicationName":"Slides","result":"revoked_with_refresh"},
         {"applicationName":"Calendar","result":"already_gone"}],
       "error":null,"timing":{"completedAt":"2026-11-23T09:00:01.812Z","timeToRevokeMs":812}}
      """;
  private static final String REJECTED =
      """
      {"status":"rejected","subject":{},"authorizations":[],
       "error":{"code":"missing_member","field":"data.personId","message":"was missing\\u001b[2J"},
       "timing":{"completedAt":"2026-11-23T09:00:02Z","timeToRevokeMs":0}}
      """;

  @Test
  @DisplayName("says when, what, who, how many, how long and of which apps")
  void row() {
    assertThat(new OutcomeTable(120, false).row(json(REVOKED)))
        .matches(
            "2026-11-23 09:00:01Z  revoked +ann@example.com +3 +812 ms  e1 +Slides ×2, Calendar");
  }

  @Test
  @DisplayName("shows what is wrong, and nothing that a terminal would obey")
  void problem() {
    assertThat(new OutcomeTable(160, false).row(json(REJECTED)))
        .contains("missing_member: was missing")
        .doesNotContain("\u001b");
  }

  @Test
  @DisplayName("counts what failed, names the app of a decommission, and knows no missing member")
  void others() {
    OutcomeTable table = new OutcomeTable(120, false);
    assertThat(
            table.row(
                json(
                    """
                    {"status":"partially_revoked","subject":{"personId":"Y2lz"},
                     "authorizations":[{"clientId":"C1","applicationName":null,"result":"revoked"},
                       {"clientId":"C1","result":"failed"}]}
                    """)))
        .contains("Y2lz")
        .contains("1 of 2")
        .contains("C1 ×2");
    assertThat(table.row(json("{\"status\":\"accepted\",\"subject\":{\"clientId\":\"C80f\"}}")))
        .matches("-  .*accepted +app C80f +all +-  - +by the API's 204.*");
    assertThat(table.row(json("{}"))).isNotBlank();
  }

  @Test
  @DisplayName("does not name a wrong field twice, and counts what had to be asked again")
  void plainWords() {
    OutcomeTable table = new OutcomeTable(160, false);
    assertThat(table.row(json(REJECTED.replace("was missing", "data.personId was missing"))))
        .contains("  data.personId was missing")
        .doesNotContain("missing_member");
    assertThat(table.row(json(REVOKED.replace("\"error\":null", "\"api\":{\"retries\":1}"))))
        .endsWith("Slides ×2, Calendar (1 retry)");
    assertThat(table.row(json(REVOKED.replace("\"error\":null", "\"api\":{\"retries\":2}"))))
        .endsWith("Slides ×2, Calendar (2 retries)");
  }

  @ParameterizedTest(name = "{0} columns")
  @DisplayName("fits the terminal, with its columns under their names")
  @ValueSource(ints = {56, 60, 72, 80, 100, 120, 200})
  void width(int columns) {
    OutcomeTable table = new OutcomeTable(columns, false);
    String longest =
        REVOKED.replace("ann@", "a".repeat(80) + "@").replace("Slides", "S".repeat(200));
    String wide =
        longest.replace("aaa", "田中😀").replace("SSS", "会議室").replace("e1", "é".repeat(50));
    List<String> rows =
        List.of(
            table.header(),
            table.row(json(REVOKED)),
            table.row(json(longest)),
            table.row(json(wide)));
    assertThat(rows)
        .allSatisfy(row -> assertThat(TerminalText.width(row)).isLessThanOrEqualTo(columns));
    int who = table.header().indexOf("WHO");
    assertThat(rows.get(1).indexOf("ann@")).isEqualTo(who);
  }

  @Test
  @DisplayName("keeps its columns in line beside characters that take two cells, or none")
  void wideCharacters() {
    OutcomeTable table = new OutcomeTable(160, false);
    String plain = table.row(json(REVOKED.replace("ann@", "abcdef@")));
    String wide = table.row(json(REVOKED.replace("ann@", "田中e\u0301f@")));
    assertThat(wide).contains("田中");
    assertThat(TerminalText.width(wide)).isEqualTo(TerminalText.width(plain));
    assertThat(TerminalText.width("ｱﾊ한글가、Ａ😀")).isEqualTo(2 + 6 + 2 + 2 + 2);
    assertThat(TerminalText.fitted("田中太郎", 6)).isEqualTo("田中…");
  }

  @Test
  @DisplayName("cuts nothing where no screen ends the line")
  void unlimited() {
    String longest =
        REVOKED.replace("ann@", "a".repeat(80) + "@").replace("Slides", "S".repeat(200));
    assertThat(new OutcomeTable(OutcomeTable.UNLIMITED, false).row(json(longest)))
        .contains("a".repeat(80) + "@example.com")
        .contains("S".repeat(200))
        .doesNotContain("…");
  }

  @Test
  @DisplayName("colours the status only where colours are welcome")
  void colours() {
    assertThat(new OutcomeTable(120, true).row(json(REVOKED))).contains("\u001b[32mrevoked");
    assertThat(new OutcomeTable(120, false).row(json(REVOKED))).doesNotContain("\u001b");
  }

  private static JsonNode json(String text) {
    try {
      return new JsonMapper().readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
