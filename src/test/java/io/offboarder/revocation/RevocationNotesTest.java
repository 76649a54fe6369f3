package io.offboarder.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.revocation.DeletionNote.Deletion;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationType;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The flow of one event, after an earlier attempt")
class RevocationNotesTest extends RevocationFixture {
  @Test
  @DisplayName("names as gone what an earlier attempt noted and no list shows any more")
  void gone() {
    notes = earlier(note(coordinates.caseId(), 0, "a", "OFFBOARDER_1"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(results(outcome)).isEqualTo(Map.of("a", Result.GONE));
    assertThat(outcome.authorizations().get(0).trackingId()).isEqualTo("OFFBOARDER_1");
    assertThat(calls).containsExactly("list");
  }

  @Test
  @DisplayName("deletes what an earlier attempt noted and is still listed, and calls it revoked")
  void notedAndListed() {
    notes =
        earlier(
            note(coordinates.caseId(), 0, "a", "OFFBOARDER_1"),
            note(coordinates.caseId(), 0, "b", "OFFBOARDER_2"));
    lists = number -> number == 1 ? items(item("a", "refresh", "c")) : items();

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(results(outcome)).isEqualTo(Map.of("a", Result.REVOKED, "b", Result.GONE));
    assertThat(calls).containsExactly("list", "delete a", "list");
  }

  @Test
  @DisplayName("takes nothing from notes of another case, of another look, or of nobody")
  void notesOfOthers() {
    notes =
        earlier(
            note("another", 0, "a", "OFFBOARDER_1"),
            note(coordinates.caseId(), 1, "b", "OFFBOARDER_2"),
            new byte[] {1, 2});

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.NOTHING_TO_REVOKE);
    assertThat(outcome.authorizations()).isEmpty();
  }

  private static CaseNotes earlier(byte[]... notes) {
    return new CaseNotes(0, List.of(notes), false, note -> Future.succeededFuture(true));
  }

  private static byte[] note(String caseId, int look, String id, String trackingId) {
    Authorization authorization =
        new Authorization(id, AuthorizationType.REFRESH, null, "c", null, "App c", null);
    return new DeletionNote(
            caseId,
            "user-terminated",
            look,
            false,
            1,
            null,
            null,
            null,
            List.of(new Deletion(authorization, trackingId)))
        .write();
  }
}
