package io.offboarder.webex;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.Operation;
import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the Authorizations API. Each throws {@link IllegalArgumentException} for an
 * identifier that must not be sent, see {@link Identifiers}.
 */
public final class AuthorizationRequests {

  static final String PATH = "/authorizations";

  private AuthorizationRequests() {}

  /** A person's authorizations. */
  public static ApiRequest list(Person person) {
    if (person instanceof Person.ById byId) {
      String parameter = parameter("personId", byId.personId());
      return ApiRequest.get(Operation.LIST, PATH + "?" + parameter, byId.personId());
    }
    String address = ((Person.ByEmail) person).personEmail();
    String parameter = parameter("personEmail", address);
    return ApiRequest.get(Operation.LIST, PATH + "?" + parameter, address);
  }

  /** Another page of a person's authorizations, by the path that the API names. */
  static ApiRequest list(ApiRequest first, String path) {
    return ApiRequest.get(Operation.LIST, path, first.person());
  }

  /** Deletes one authorization. */
  public static ApiRequest delete(String authorizationId) {
    if (!Identifiers.isPathSegment(authorizationId)) {
      throw new IllegalArgumentException(
          "authorizationId is blank, or cannot be one segment of a path; nothing was sent");
    }
    return ApiRequest.delete(Operation.DELETE, PATH + "/" + encoded(authorizationId));
  }

  /** Deletes an org's authorizations of one client. */
  public static ApiRequest deleteByClient(String clientId, String orgId) {
    String parameters = parameter("clientId", clientId) + "&" + parameter("orgId", orgId);
    return ApiRequest.delete(Operation.DELETE_BY_CLIENT, PATH + "?" + parameters);
  }

  // The null check is for callers that are not null-marked: a null must not become "null".
  private static String parameter(String name, @Nullable String value) {
    if (value == null || !Identifiers.isUsable(value)) {
      throw new IllegalArgumentException(
          name + " is blank, a dot segment or not well-formed text; nothing was sent");
    }
    return name + "=" + encoded(value);
  }

  /** Percent-encoded for a query and for a path, where a plus sign would stay one. */
  private static String encoded(String value) {
    return URLEncoder.encode(value, UTF_8).replace("+", "%20");
  }
}
