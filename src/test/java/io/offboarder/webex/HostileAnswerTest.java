package io.offboarder.webex;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.testing.HostileInputs;
import io.offboarder.text.Printable;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import io.offboarder.webex.http.SecretMask;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reads any answer, as {@code io.offboarder.fuzz.HostileInputTest} reads any event. */
@DisplayName("A hostile answer")
class HostileAnswerTest {
  private static final int MOST = 50;
  private static final SecretMask MASK = new SecretMask(List.of("a-token-of-this-test"));

  @Test
  @DisplayName(
      "is a list within its bound, or no list in words that can be shown, cut off or whole")
  void answers() {
    HostileInputs.of("answers").forEach(this::parse);
  }

  private void parse(byte[] body) {
    for (boolean truncated : new boolean[] {false, true}) {
      ApiResponse answer =
          new ApiResponse(
              200,
              "t",
              MultiMap.caseInsensitiveMultiMap().add("Content-Type", "application/json"),
              Buffer.buffer(body),
              null,
              truncated);
      assertShowable(ErrorMessage.of(answer, MASK).oneLine());
      String whole = read(answer, Math.max(1, body.length));
      assertShowable(whole);
      assertThat(read(answer, 1)).as("byte by byte").isEqualTo(whole);
    }
  }

  private static String read(ApiResponse answer, int chunk) {
    try {
      List<Authorization> items = Lists.authorizations(answer, MOST, chunk);
      assertThat(items).hasSizeLessThanOrEqualTo(MOST);
      return items.size() + " authorizations, " + items.hashCode();
    } catch (UnexpectedAnswerException e) {
      // A list that is no list is read no further, so the words depend on the parts it came in.
      assertShowable(String.valueOf(e.getMessage()));
      return "no list";
    }
  }

  private static void assertShowable(String words) {
    assertThat(words).isNotBlank();
    assertThat(words.codePoints()).allMatch(Printable::isPrintable);
  }
}
