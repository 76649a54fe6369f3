package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offboarder.event.Identifier;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.id.RestId;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.Writer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("People on the command line")
class PeopleTest {
  private static final String UUID = "eb22b3bd-74cb-4c29-b07f-ead02e5682d2";
  private static final String ENCODED = new RestId("us", RestId.PEOPLE, UUID).encoded();
  private static final Subject ANN =
      new Person(Identifier.of(ENCODED), "Ann@Sales.example.com", null);

  @ParameterizedTest
  @ValueSource(
      strings = {
        UUID,
        "EB22B3BD-74CB-4C29-B07F-EAD02E5682D2",
        "{" + UUID + "}",
        "ciscospark://us/PEOPLE/" + UUID,
        "ann@sales.EXAMPLE.com",
        "*@sales.example.com",
        "ANN@*"
      })
  @DisplayName("are named by an id in every form, and by an address in any case or a part of it")
  void forms(String name) {
    assertThat(new People(List.of(name)).has(ANN)).isTrue();
    assertThat(new People(List.of("bob@example.com", name)).without(List.of(ANN)))
        .containsExactly("bob@example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eb22b3bd-74cb-4c29-b07f-ead02e5682d3",
        "ann@example.com",
        "nn@sales.example.com",
        "*@example.com",
        "C1"
      })
  @DisplayName("are nobody else")
  void others(String name) {
    People people = new People(List.of(name));
    assertThat(people.has(ANN)).isFalse();
    assertThat(people.has(new App("C1", null, null))).isFalse();
    assertThat(people.without(List.of(ANN))).containsExactly(name);
  }

  @Test
  @DisplayName("come from a file as spreadsheets write it, and none is blank")
  void file() {
    Terminal terminal = reading("\uFEFFann@sales.example.com\r\n\r\nbob@example.com\r\n");
    assertThat(People.of(List.of(), "-", terminal).names())
        .containsExactly("ann@sales.example.com", "bob@example.com");
    assertThatThrownBy(() -> People.of(List.of(" "), null, terminal))
        .isInstanceOf(CommandFailure.class);
  }

  private static Terminal reading(String text) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new Terminal(new StringReader(text), nowhere, nowhere, false, false, () -> 80, false);
  }
}
