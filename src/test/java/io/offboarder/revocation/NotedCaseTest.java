package io.offboarder.revocation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.event.EventType;
import io.offboarder.revocation.DeletionNote.Deletion;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationType;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A note")
class NotedCaseTest {
  private static final Deletion SLIDES =
      new Deletion(
          new Authorization(
              "a1",
              AuthorizationType.REFRESH,
              null,
              "C1",
              "app",
              "Slides \"caseId\":\"other\"",
              Instant.parse("2026-01-05T09:00:00Z")),
          "t1");
  private static final Deletion BARE =
      new Deletion(
          new Authorization("a2", AuthorizationType.ACCESS, null, null, null, null, null), "t1");

  @ParameterizedTest
  @EnumSource(EventType.class)
  @DisplayName("says which case it is about, whatever is to be deleted")
  void read(EventType type) {
    for (List<Deletion> deletions : List.of(List.<Deletion>of(), List.of(SLIDES, BARE))) {
      assertThat(NotedCase.read(note(type, 2, true, "org", deletions)))
          .contains(new NotedCase("case-1", type, "org", 2, true));
      assertThat(NotedCase.read(note(type, 0, false, null, deletions)))
          .contains(new NotedCase("case-1", type, null, 0, false));
    }
  }

  @Test
  @DisplayName("is read back as it was written")
  void whole() {
    byte[] bytes = note(EventType.USER_TERMINATED, 1, true, null, List.of(SLIDES, BARE));
    assertThat(DeletionNote.read(bytes))
        .contains(
            new DeletionNote(
                "case-1", "user-terminated", 1, true, 3, null, "C9", "t9", List.of(SLIDES, BARE)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "7",
        "not json",
        "{}",
        "{\"type\":\"io.offboarder.note.v1\"}",
        "{\"type\":\"io.offboarder.note.v1\",\"caseId\":\"c\",\"kind\":\"unknown\"}",
        "{\"type\":\"io.offboarder.note.v2\",\"caseId\":\"c\",\"kind\":\"user-terminated\"}",
        "{\"caseId\":\"c\",\"kind\":\"user-terminated\"}",
      })
  @DisplayName("that another program wrote is about none")
  void foreign(String text) {
    assertThat(NotedCase.read(text.getBytes(UTF_8))).isEmpty();
  }

  @Test
  @DisplayName("that was cut off is about none")
  void cut() {
    byte[] bytes = note(EventType.USER_TERMINATED, 0, false, "org", List.of(SLIDES));
    for (int length = 0; length < bytes.length; length++) {
      assertThat(NotedCase.read(Arrays.copyOf(bytes, length))).isEmpty();
    }
  }

  private static byte[] note(
      EventType type, int look, boolean released, @Nullable String org, List<Deletion> deletions) {
    return new DeletionNote("case-1", type.word(), look, released, 3, org, "C9", "t9", deletions)
        .write();
  }
}
