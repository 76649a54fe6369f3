package io.offboarder.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Error bodies with the texts that were seen of the real API. */
final class ErrorBodies {
  private ErrorBodies() {}

  static @Nullable Buffer of(Fault.Body body, int status, String trackingId) {
    String message = message(status);
    return switch (body) {
      case JSON ->
          new JsonObject()
              .put("message", message)
              .put("errors", new JsonArray().add(new JsonObject().put("description", message)))
              .put("trackingId", trackingId)
              .toBuffer();
      case KEYED_JSON ->
          new JsonObject()
              .put(
                  "error",
                  new JsonArray()
                      .add(
                          new JsonObject()
                              .put("key", Integer.toString(status))
                              .put(
                                  "message",
                                  new JsonArray()
                                      .add(new JsonObject().put("description", message)))))
              .put("trackingId", trackingId)
              .toBuffer();
      case HTML ->
          Buffer.buffer(
              "<html><head><title>"
                  + status
                  + "</title></head><body><h1>"
                  + message
                  + "</h1></body></html>");
      case NONE -> null;
    };
  }

  private static String message(int status) {
    return switch (status) {
      case 400 -> "The request could not be understood by the server due to malformed syntax.";
      case 401 ->
          "The request requires a valid access token set in the Authorization request header.";
      case 403 ->
          "The server understood the request, but refused to fulfill it because the access token is"
              + " missing required scopes or the user is missing required roles or licenses.";
      case 404 -> "The requested resource could not be found.";
      case 429 ->
          "The user has sent too many requests in a given amount of time. Please refer to the"
              + " Retry-After response header to wait before making a new request.";
      case 503 -> "The server is currently unable to handle the request, try again later.";
      default -> "Status " + status + ".";
    };
  }
}
