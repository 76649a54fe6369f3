package io.offboarder.webex.http;

import io.offboarder.webex.Person;
import io.offboarder.webex.credentials.ResolvedCredentials;
import io.vertx.core.http.HttpMethod;
import io.vertx.uritemplate.UriTemplate;
import io.vertx.uritemplate.Variables;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request, as often as it has to be sent.
 *
 * @param path below the base URL, encoded
 * @param form the fields of a form body, in order; empty for a request without a body. Holds
 *     secrets, so {@code toString} leaves it out
 * @param person the id or address of whom it is about; null where it names nobody
 */
public record ApiRequest(
    Operation operation,
    HttpMethod method,
    String path,
    Map<String, String> form,
    @Nullable String person) {

  private static final UriTemplate OF_ID = UriTemplate.of("/authorizations{?personId}");
  private static final UriTemplate OF_EMAIL = UriTemplate.of("/authorizations{?personEmail}");
  private static final UriTemplate ONE = UriTemplate.of("/authorizations/{authorizationId}");
  private static final UriTemplate OF_CLIENT = UriTemplate.of("/authorizations{?clientId}{&orgId}");

  public static ApiRequest list(Person person) {
    if (person instanceof Person.ById byId) {
      String path = expand(OF_ID, "personId", byId.personId());
      return withoutBody(Operation.LIST, HttpMethod.GET, path, byId.personId());
    }
    String address = ((Person.ByEmail) person).personEmail();
    String path = expand(OF_EMAIL, "personEmail", address);
    return withoutBody(Operation.LIST, HttpMethod.GET, path, address);
  }

  public static ApiRequest delete(String authorizationId) {
    if (!Identifiers.isPathSegment(authorizationId)) {
      throw new IllegalArgumentException("authorizationId cannot be part of a path; nothing sent");
    }
    String path = expand(ONE, "authorizationId", authorizationId);
    return withoutBody(Operation.DELETE, HttpMethod.DELETE, path, null);
  }

  public static ApiRequest deleteByClient(String clientId, String orgId) {
    Variables variables = Variables.variables();
    set(variables, "clientId", clientId);
    set(variables, "orgId", orgId);
    String path = OF_CLIENT.expandToString(variables);
    return withoutBody(Operation.DELETE_BY_CLIENT, HttpMethod.DELETE, path, null);
  }

  public static ApiRequest tokenExpiry() {
    return withoutBody(Operation.TOKEN_EXPIRY, HttpMethod.GET, "/authorizations/tokenExpiry", null);
  }

  public static ApiRequest refresh(ResolvedCredentials.Grant grant, String refreshToken) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("client_id", grant.clientId());
    form.put("client_secret", grant.clientSecret());
    form.put("refresh_token", refreshToken);
    return new ApiRequest(
        Operation.REFRESH,
        HttpMethod.POST,
        "/access_token",
        Collections.unmodifiableMap(form),
        null);
  }

  private static ApiRequest withoutBody(
      Operation operation, HttpMethod method, String path, @Nullable String person) {
    return new ApiRequest(operation, method, path, Map.of(), person);
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

  @Override
  public String toString() {
    return operation.toString();
  }
}
