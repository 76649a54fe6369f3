package io.offboarder.webex.http;

import io.offboarder.webex.Person;
import io.offboarder.webex.credentials.ResolvedCredentials;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * One request, as often as it has to be sent.
 *
 * @param path below the base URL, encoded
 * @param form an encoded form body; holds secrets, so {@code toString} leaves it out
 * @param person the id or address of whom it is about; null where it names nobody
 */
public record ApiRequest(
    Operation operation,
    HttpMethod method,
    String path,
    @Nullable String form,
    @Nullable String person) {

  public static ApiRequest list(Person person) {
    String parameter = person instanceof Person.ById ? "personId" : "personEmail";
    String name =
        person instanceof Person.ById byId
            ? byId.personId()
            : ((Person.ByEmail) person).personEmail();
    String query = parameter + "=" + encoded(parameter, name);
    return new ApiRequest(Operation.LIST, HttpMethod.GET, "/authorizations?" + query, null, name);
  }

  public static ApiRequest delete(String authorizationId) {
    String path = "/authorizations/" + encoded("authorizationId", authorizationId);
    return new ApiRequest(Operation.DELETE, HttpMethod.DELETE, path, null, null);
  }

  public static ApiRequest deleteByClient(String clientId, String orgId) {
    String path =
        "/authorizations?clientId="
            + encoded("clientId", clientId)
            + "&orgId="
            + encoded("orgId", orgId);
    return new ApiRequest(Operation.DELETE_BY_CLIENT, HttpMethod.DELETE, path, null, null);
  }

  public static ApiRequest tokenExpiry() {
    return new ApiRequest(
        Operation.TOKEN_EXPIRY, HttpMethod.GET, "/authorizations/tokenExpiry", null, null);
  }

  public static ApiRequest refresh(ResolvedCredentials.Grant grant, String refreshToken) {
    String form =
        "grant_type=refresh_token&client_id="
            + PercentEncoding.encode(grant.clientId())
            + "&client_secret="
            + PercentEncoding.encode(grant.clientSecret())
            + "&refresh_token="
            + PercentEncoding.encode(refreshToken);
    return new ApiRequest(Operation.REFRESH, HttpMethod.POST, "/access_token", form, null);
  }

  // The null check is for callers that are not null-marked: a null must not become "null".
  private static String encoded(String name, @Nullable String value) {
    if (value == null || !PercentEncoding.isUsable(value)) {
      throw new IllegalArgumentException(
          name + " is blank, a dot segment or not well-formed text; nothing was sent");
    }
    return PercentEncoding.encode(value);
  }

  @Override
  public String toString() {
    return operation.toString();
  }
}
