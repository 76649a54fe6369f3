package io.offboarder.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.revocation.Outcome.Basis;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Revocation;
import io.offboarder.revocation.Outcome.Status;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The flow of one event, before it calls anything revoked")
class RevocationProofTest extends RevocationFixture {
  @Test
  @DisplayName("never calls revoked what is still listed, whatever the deletes were answered")
  void stillListed() {
    lists = number -> items(item("r1", "refresh", "A"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(results(outcome)).containsEntry("r1", Result.FAILED);
    assertThat(outcome.error().code()).isEqualTo("still_live");
    assertThat(outcome.verification().remaining()).isEqualTo(1);
    assertThat(waited).hasSize(3);
    assertThat(calls)
        .containsExactly("list", "delete r1", "list", "list", "list", "delete r1", "list");
  }

  @Test
  @DisplayName("waits for a list that lags behind the deletes, and deletes nothing twice")
  void lag() {
    lists =
        number ->
            number < 4 ? items(item("r1", "refresh", "A"), item("a1", "access", "A")) : items();

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list", "list", "list");
    assertThat(waited).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(results(outcome))
        .containsEntry("r1", Result.REVOKED)
        .containsEntry("a1", Result.REVOKED_WITH_REFRESH);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 400})
  @DisplayName("tells of the delete that was answered 204, not of one that came after it")
  void firstDeleteCounts(int second) {
    lists = number -> number < 5 ? items(item("r1", "refresh", "A")) : items();
    deletes = id -> calls.stream().filter("delete r1"::equals).count() == 1 ? 204 : second;

    Outcome outcome = revoke();

    assertThat(calls)
        .containsExactly("list", "delete r1", "list", "list", "list", "delete r1", "list");
    Revocation one = outcome.authorizations().get(0);
    assertThat(one.result()).isEqualTo(Result.REVOKED);
    assertThat(one.httpStatus()).isEqualTo(204);
    assertThat(one.attempts()).isEqualTo(2);
  }

  @Test
  @DisplayName("takes a 404 or 410 on a delete for gone only once the list agrees")
  void alreadyGone() {
    lists =
        number ->
            number == 1 ? items(item("r1", "refresh", "A"), item("r2", "refresh", "B")) : items();
    deletes = id -> id.equals("r1") ? 404 : 410;

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(results(outcome))
        .containsEntry("r1", Result.ALREADY_GONE)
        .containsEntry("r2", Result.ALREADY_GONE);
  }

  @Test
  @DisplayName("does not ask again for what was refused for good")
  void refused() {
    lists =
        number ->
            number == 1
                ? items(item("r1", "refresh", "A"), item("r2", "refresh", "B"))
                : items(item("r2", "refresh", "B"));
    deletes = id -> id.equals("r2") ? 400 : 204;

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(calls).containsExactlyInAnyOrder("list", "delete r1", "delete r2", "list");
    assertThat(outcome.verification().remaining()).isEqualTo(1);
  }

  @Test
  @DisplayName("never calls revoked what no list has proven")
  void notVerified() {
    lists = number -> number == 1 ? items(item("r1", "refresh", "A")) : 403;

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(outcome.verification()).isNull();
    assertThat(outcome.error().code()).isEqualTo("not_verified");
  }

  @Test
  @DisplayName(
      "a person who is deleted after all their authorizations were is revoked, not a fault")
  void personGone() {
    lists =
        number ->
            number == 1
                ? items(
                    item("r1", "refresh", "A"),
                    item("a1", "access", "A"),
                    item("b1", "access", "B"))
                : 404;

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(outcome.error()).isNull();
    assertThat(outcome.verification().basis()).isEqualTo(Basis.PERSON_UNKNOWN);
    assertThat(outcome.verification().remaining()).isZero();
    assertThat(results(outcome))
        .containsEntry("r1", Result.REVOKED)
        .containsEntry("a1", Result.REVOKED_WITH_REFRESH)
        .containsEntry("b1", Result.REVOKED);
  }

  @Test
  @DisplayName("an unknown person proves nothing of what was refused before")
  void personGoneTooEarly() {
    lists =
        number -> number == 1 ? items(item("r1", "refresh", "A"), item("r2", "refresh", "B")) : 404;
    deletes = id -> id.equals("r2") ? 400 : 204;

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(outcome.error().code()).isEqualTo("not_verified");
    assertThat(results(outcome)).containsEntry("r2", Result.FAILED);
  }
}
