package io.offboarder.webex.http;

import io.vertx.core.http.HttpMethod;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request, as often as it has to be sent.
 *
 * @param path below the base URL, encoded
 * @param form the fields of a form body, in order; empty for a request without a body. Holds
 *     secrets, so {@code toString} leaves it out
 * @param person the id or address of whom it is about; null where it names nobody
 * @param reader makes what reads the body of a successful answer, for each attempt; null where the
 *     body is collected
 */
public record ApiRequest(
    Operation operation,
    HttpMethod method,
    String path,
    Map<String, String> form,
    @Nullable String person,
    @Nullable Supplier<? extends BodyReader> reader) {

  /** A GET about a person. */
  public static ApiRequest get(Operation operation, String path, @Nullable String person) {
    return new ApiRequest(operation, HttpMethod.GET, path, Map.of(), person, null);
  }

  /** A DELETE. */
  public static ApiRequest delete(Operation operation, String path) {
    return new ApiRequest(operation, HttpMethod.DELETE, path, Map.of(), null, null);
  }

  /** A POST of a form. */
  public static ApiRequest post(Operation operation, String path, Map<String, String> form) {
    Map<String, String> fields = Collections.unmodifiableMap(new LinkedHashMap<>(form));
    return new ApiRequest(operation, HttpMethod.POST, path, fields, null, null);
  }

  /** The same request, the body of whose answer is read while it comes. */
  public ApiRequest readBy(Supplier<? extends BodyReader> newReader) {
    return new ApiRequest(operation, method, path, form, person, newReader);
  }

  /** When the access token in use expires: the cheapest request there is. */
  public static ApiRequest tokenExpiry() {
    return get(Operation.TOKEN_EXPIRY, "/authorizations/tokenExpiry", null);
  }

  @Override
  public String toString() {
    return operation.toString();
  }
}
