package io.offboarder.webex;

import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.Operation;
import io.vertx.uritemplate.UriTemplate;
import io.vertx.uritemplate.Variables;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the Authorizations API. Each throws {@link IllegalArgumentException} for an
 * identifier that must not be sent, see {@link Identifiers}.
 */
public final class AuthorizationRequests {

  private static final UriTemplate OF_ID = UriTemplate.of("/authorizations{?personId}");
  private static final UriTemplate OF_EMAIL = UriTemplate.of("/authorizations{?personEmail}");
  private static final UriTemplate ONE = UriTemplate.of("/authorizations/{authorizationId}");
  private static final UriTemplate OF_CLIENT = UriTemplate.of("/authorizations{?clientId}{&orgId}");

  private AuthorizationRequests() {}

  /** A person's authorizations. */
  public static ApiRequest list(Person person) {
    if (person instanceof Person.ById byId) {
      String path = expand(OF_ID, "personId", byId.personId());
      return ApiRequest.get(Operation.LIST, path, byId.personId());
    }
    String address = ((Person.ByEmail) person).personEmail();
    return ApiRequest.get(Operation.LIST, expand(OF_EMAIL, "personEmail", address), address);
  }

  /** Deletes one authorization. */
  public static ApiRequest delete(String authorizationId) {
    if (!Identifiers.isPathSegment(authorizationId)) {
      throw new IllegalArgumentException(
          "authorizationId is blank, or cannot be one segment of a path; nothing was sent");
    }
    return ApiRequest.delete(Operation.DELETE, expand(ONE, "authorizationId", authorizationId));
  }

  /** Deletes an org's authorizations of one client. */
  public static ApiRequest deleteByClient(String clientId, String orgId) {
    Variables variables = Variables.variables();
    set(variables, "clientId", clientId);
    set(variables, "orgId", orgId);
    return ApiRequest.delete(Operation.DELETE_BY_CLIENT, OF_CLIENT.expandToString(variables));
  }

  private static String expand(UriTemplate template, String name, String value) {
    Variables variables = Variables.variables();
    set(variables, name, value);
    return template.expandToString(variables);
  }

  // The null check is for callers that are not null-marked: a null must not become "null".
  private static void set(Variables variables, String name, @Nullable String value) {
    if (value == null || !Identifiers.isUsable(value)) {
      throw new IllegalArgumentException(
          name + " is blank, a dot segment or not well-formed text; nothing was sent");
    }
    variables.set(name, value);
  }
}
