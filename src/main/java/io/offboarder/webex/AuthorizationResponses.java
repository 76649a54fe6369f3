package io.offboarder.webex;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Json;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the Authorizations API answers, but for lists, which {@link ListReader} reads. */
public final class AuthorizationResponses {

  private AuthorizationResponses() {}

  /**
   * 204 alone proves a deletion by client, because no list can. A deletion by id is followed by a
   * list in any case, but the outcome would still call it revoked, so 204 is asked of it too.
   */
  public static Void deleted(ApiResponse response) throws UnexpectedAnswerException {
    if (response.status() != 204) {
      throw new UnexpectedAnswerException(response.status() + " instead of 204");
    }
    return nothing();
  }

  @SuppressWarnings("NullAway")
  private static Void nothing() {
    return null;
  }

  /** When a token expires: {@code {"exp": <epoch milliseconds>}}. */
  public static Instant tokenExpiry(ApiResponse response) throws UnexpectedAnswerException {
    JsonNode exp = member(response, "exp");
    if (exp == null || !exp.isNumber() || !exp.canConvertToLong() || exp.longValue() <= 0) {
      throw new UnexpectedAnswerException(
          response.status() + " without a number \"exp\" (" + response.describeBody() + ")");
    }
    return Instant.ofEpochMilli(exp.longValue());
  }

  private static @Nullable JsonNode member(ApiResponse response, String name) {
    JsonNode tree = Json.parse(response.body());
    return tree == null ? null : tree.get(name);
  }
}
