package io.offboarder.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offboarder.event.Identifier;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.UserTerminated;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.webex.gate.RequestCancelledException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The flow of one event, by whom the API lists for it")
class RevocationSubjectTest extends RevocationFixture {
  @Test
  @DisplayName("leaves alone what the API lists for somebody whom the event does not name")
  void anothers() {
    lists =
        number -> {
          JsonObject anothers = item("x1", "refresh", "A").put("personId", "somebody-else");
          return number == 1 ? items(item("r1", "refresh", "A"), anothers) : items(anothers);
        };

    Outcome outcome = revoke();

    assertThat(calls).doesNotContain("delete x1").contains("delete r1");
    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PERSON-1", "person-1 ", "person-2"})
  @DisplayName("asked by id, takes only the same id for the same person, case included")
  void exactIds(String listed) {
    lists = number -> items(item("r1", "refresh", "A").put("personId", listed));

    assertThat(revoke().status()).isEqualTo(Status.FAILED);
    assertThat(calls).containsExactly("list");
  }

  @Test
  @DisplayName("asked by address, leaves alone what the API lists without a person")
  void withoutPerson() {
    JsonObject nobodys = item("x1", "refresh", "B");
    nobodys.remove("personId");
    lists = number -> number == 1 ? items(item("r1", "refresh", "A"), nobodys) : items(nobodys);

    Outcome outcome = revoke(byAddress("ann@example.com"));

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list");
  }

  @Test
  @DisplayName("takes one address for the same in any case")
  void sameAddress() {
    lists = number -> number % 2 == 1 ? items(item("r1", "refresh", "A")) : items();
    assertThat(revoke(byAddress("ann@example.com")).status()).isEqualTo(Status.REVOKED);
    assertThat(revoke(byAddress("ANN@example.com")).status()).isEqualTo(Status.REVOKED);
  }

  @Test
  @DisplayName("an address beside an unknown id is not asked for, and the outcome says so")
  void addressBesideUnknownId() {
    lists = number -> 404;
    Person ann = new Person(Identifier.of("person-1"), "ann@example.com", null);

    Outcome outcome = revoke(new UserTerminated(attributes(), ann, null, null, List.of()));

    assertThat(outcome.status()).isEqualTo(Status.SUBJECT_NOT_FOUND);
    assertThat(calls).containsOnly("list");
    assertThat(outcome.notes()).singleElement().asString().startsWith("personEmail");
  }

  @Test
  @DisplayName(
      "asked by address, deletes nothing of a person who was named for another address before, and"
          + " goes on once the API names somebody else")
  void namedForEveryAddress() {
    lists = number -> items(item("r1", "refresh", "A").put("personId", "admin"));
    deletes = id -> 400;
    assertThat(revoke(byAddress("ann@example.com")).status()).isEqualTo(Status.FAILED);
    assertThat(calls).containsExactly("list", "delete r1", "list");

    deletes = id -> 204;
    calls.clear();
    lists =
        number -> {
          assertThat(calls).as("while the API names the admin").doesNotContain("delete r1");
          return number < 4
              ? items(item("r1", "refresh", "A").put("personId", "admin"))
              : number == 4 ? items(item("b1", "refresh", "A").put("personId", "bob")) : items();
        };
    Outcome second = revoke(byAddress("bob@example.com"));

    assertThat(second.status()).isEqualTo(Status.REVOKED);
    assertThat(results(second)).containsOnlyKeys("b1");
    assertThat(calls).containsExactly("list", "list", "list", "list", "delete b1", "list");
    assertThat(flow.eventsHeld()).isZero();
  }

  @Test
  @DisplayName("hands back an event that waits because of whom the API names, once it has to stop")
  void heldAndStopped() {
    lists = number -> items(item("r1", "refresh", "A").put("personId", "admin"));
    deletes = id -> 400;
    revoke(byAddress("ann@example.com"));
    AtomicBoolean wanted = new AtomicBoolean(true);
    calls.clear();
    lists =
        number -> {
          wanted.set(number < 3);
          return items(item("r1", "refresh", "A").put("personId", "admin"));
        };

    assertThatThrownBy(() -> start(byAddress("bob@example.com"), relistBackoff, wanted::get).join())
        .hasRootCauseInstanceOf(RequestCancelledException.class);
    assertThat(calls).containsOnly("list");
    assertThat(flow.eventsHeld()).isZero();
  }
}
