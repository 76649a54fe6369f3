package io.offboarder.protection;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.event.Identifier;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.id.RestId;
import io.offboarder.protection.ProtectedList.Contents;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The protected list")
class ProtectedListTest {
  private static final String UUID = "eb22b3bd-74cb-4c29-b07f-ead02e5682d2";
  private static final String ENCODED = new RestId("us", RestId.PEOPLE, UUID).encoded();

  private final ProtectedList list =
      new ProtectedList(
          new Contents(
              List.of(UUID, "opaque-7"),
              List.of("break-glass-*@example.com", "ceo@example.com"),
              List.of("C80fb9c7"),
              List.of("Webex*device")));

  @ParameterizedTest
  @ValueSource(strings = {UUID, "EB22B3BD-74CB-4C29-B07F-EAD02E5682D2"})
  @DisplayName("knows a person's id in every form")
  void idsInEveryForm(String id) {
    assertThat(list.person(ENCODED, null)).isPresent();
    assertThat(list.person("ciscospark://us/PEOPLE/" + UUID, null)).isPresent();
    assertThat(list.person(id, null)).isPresent();
    assertThat(list.person("opaque-7", null)).isPresent();
    assertThat(list.person("opaque-8", null)).isEmpty();
    assertThat(new ProtectedList(new Contents(List.of(ENCODED), List.of(), List.of(), List.of())))
        .satisfies(encoded -> assertThat(encoded.person(id, null)).isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "break-glass-1@example.com, true",
    "Break-Glass-9@EXAMPLE.com, true",
    "CEO@example.com, true",
    "ceo@example.com.evil.example, false",
    "break-glass@example.com, false",
  })
  @DisplayName("knows addresses by pattern, in upper and lower case")
  void addresses(String address, boolean isProtected) {
    assertThat(list.person(null, address).isPresent()).isEqualTo(isProtected);
    assertThat(list.person("another", address).isPresent()).isEqualTo(isProtected);
  }

  @Test
  @DisplayName("says where a person is named, and not what is written there")
  void discreet() {
    assertThat(list.person(null, "break-glass-1@example.com").orElseThrow())
        .isEqualTo(
            new Protection(
                "protected_person",
                "the protected file names this person (persons.addresses, entry 1)"));
    assertThat(list.person("opaque-7", null).orElseThrow().reason()).contains("ids, entry 2");
  }

  @Test
  @DisplayName("knows clients by client id, by the app's REST id that holds it, and by name")
  void clients() {
    String restId = new RestId("us", "APPLICATION", "C80fb9c7").encoded();
    assertThat(list.client("C80fb9c7", null, null)).isPresent();
    assertThat(list.client(null, restId, null)).isPresent();
    assertThat(list.client("C1", null, "WEBEX room device")).isPresent();
    assertThat(list.client("C1", null, "Webex devices")).isEmpty();
    assertThat(list.client(null, null, null)).isEmpty();
  }

  @Test
  @DisplayName("is asked about an event's subject by all that the event says of it")
  void subjects() {
    Untouched untouched = new Untouched(() -> list, () -> Optional.of("C-own"));
    assertThat(untouched.subject(new Person(Identifier.of("x"), "ceo@example.com", null)))
        .isPresent();
    assertThat(untouched.subject(new Person(Identifier.of("x"), null, null))).isEmpty();
    assertThat(untouched.subject(new App("C-own", null, null)).orElseThrow().code())
        .isEqualTo("own_client");
    String ownRestId = new RestId("us", "APPLICATION", "C-own").encoded();
    assertThat(untouched.subject(new App(ownRestId, null, null)).orElseThrow().code())
        .isEqualTo("own_client");
    assertThat(untouched.client("c-OWN", null, null)).contains(Protection.OWN_CLIENT);
    assertThat(untouched.client("C1", ownRestId, null)).contains(Protection.OWN_CLIENT);
    assertThat(untouched.subject(new App("C1", null, "Webex board device")).orElseThrow().code())
        .isEqualTo("protected_client");
  }
}
