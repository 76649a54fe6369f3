package io.offboarder.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.protection.ProtectedList;
import io.offboarder.protection.ProtectedList.Contents;
import io.offboarder.protection.Untouched;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.testing.Schemas;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The flow of one event, where something is protected")
class RevocationSparingTest extends RevocationFixture {
  @Test
  @DisplayName("spares a protected client's authorizations, and revokes all others")
  void sparedClient() {
    spare(new Contents(List.of(), List.of(), List.of("B"), List.of()));
    lists =
        number ->
            number == 1
                ? items(
                    item("r1", "refresh", "A"),
                    item("r2", "refresh", "B"),
                    item("b1", "access", "B"))
                : items(item("r2", "refresh", "B"), item("b1", "access", "B"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list");
    assertThat(results(outcome))
        .containsEntry("r1", Result.REVOKED)
        .containsEntry("r2", Result.SPARED)
        .containsEntry("b1", Result.SPARED);
    assertThat(outcome.verification().remaining()).isZero();
    assertThat(outcome.verification().spared()).isEqualTo(2);
    assertThat(outcome.authorizations().get(1).problem()).contains("clients.ids");
  }

  @Test
  @DisplayName("spares the app that the API is called with, wherever it turns up")
  void ownClient() {
    untouched = new Untouched(() -> ProtectedList.NONE, () -> Optional.of("B"));
    lists = number -> items(item("r2", "refresh", "B"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.NOTHING_TO_REVOKE);
    assertThat(calls).containsExactly("list");
    assertThat(results(outcome)).containsEntry("r2", Result.SPARED);
  }

  @Test
  @DisplayName("touches nothing of a person whose id only the list shows to be protected")
  void sparedPerson() {
    spare(new Contents(List.of("person-1"), List.of(), List.of(), List.of()));
    lists = number -> items(item("r1", "refresh", "A"), item("b1", "access", "B"));

    Outcome outcome = revoke(byAddress("ann@example.com"));

    assertThat(outcome.status()).isEqualTo(Status.SKIPPED);
    assertThat(outcome.decision().code()).isEqualTo("protected_person");
    assertThat(outcome.error().code()).isEqualTo("protected_person");
    assertThat(calls).containsExactly("list");
    assertThat(outcome.verification().spared()).isEqualTo(2);
    Schemas.assertValidOutcome(new OutcomeFormat().toJson(outcome));
  }

  @Test
  @DisplayName("spares what was protected while the event was under way")
  void protectedMeanwhile() {
    ProtectedList later =
        new ProtectedList(new Contents(List.of(), List.of(), List.of("B"), List.of()));
    untouched =
        new Untouched(
            () -> calls.contains("delete r1") ? later : ProtectedList.NONE, Optional::empty);
    lists =
        number ->
            number == 1 ? items(item("r1", "refresh", "A")) : items(item("r2", "refresh", "B"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list");
    assertThat(results(outcome)).containsEntry("r2", Result.SPARED);
  }

  private void spare(Contents contents) {
    ProtectedList list = new ProtectedList(contents);
    untouched = new Untouched(() -> list, Optional::empty);
  }
}
