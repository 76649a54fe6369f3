package io.offboarder.webex;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.time.Timestamp;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Json;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the Authorizations API answers: one method for each kind of answer. */
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

  /** The authorizations that a list names, in its order. */
  public static List<Authorization> authorizations(ApiResponse response)
      throws UnexpectedAnswerException {
    JsonNode items = response.status() == 200 ? member(response, "items") : null;
    if (items == null || !items.isArray()) {
      throw new UnexpectedAnswerException(
          response.status() + " without a JSON array \"items\" (" + response.describeBody() + ")");
    }
    List<Authorization> authorizations = new ArrayList<>(items.size());
    for (JsonNode item : items) {
      authorizations.add(authorization(item));
    }
    return List.copyOf(authorizations);
  }

  private static Authorization authorization(JsonNode item) {
    String id = Json.text(item, "id");
    return new Authorization(
        id == null ? "" : id,
        type(Json.text(item, "type")),
        Json.text(item, "personId"),
        Json.text(item, "clientId"),
        Json.text(item, "applicationId"),
        Json.text(item, "applicationName"),
        instant(Json.text(item, "created")));
  }

  private static AuthorizationType type(@Nullable String word) {
    if ("refresh".equalsIgnoreCase(word)) {
      return AuthorizationType.REFRESH;
    }
    return "access".equalsIgnoreCase(word) ? AuthorizationType.ACCESS : AuthorizationType.UNKNOWN;
  }

  /** The date informs the auditor; nothing depends on it. */
  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Timestamp.moment(text).orElse(null);
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
