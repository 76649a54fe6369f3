package io.offboarder.webex.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One answer as it came.
 *
 * @param trackingId as the response names it, else as the request did
 * @param body empty where a reader has read it
 * @param reader what has read the body; null where nothing has
 * @param truncated whether the body was longer than its bound, or than its reader needs, and ends
 *     there
 */
public record ApiResponse(
    int status,
    String trackingId,
    MultiMap headers,
    Buffer body,
    @Nullable BodyReader reader,
    boolean truncated) {

  /** The same with secrets masked in its tracking id. */
  public ApiResponse maskedBy(SecretMask mask) {
    return new ApiResponse(status, mask.mask(trackingId), headers, body, reader, truncated);
  }

  /** A header's first value; null where it is missing. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /**
   * What the answer means for the request. An error that ends a request counts only where it is the
   * API's own. A page of a gateway or a proxy, which knows nothing of people, may pass.
   */
  public StatusClass statusClass() {
    StatusClass byStatus = StatusClass.of(status);
    boolean ends = byStatus == StatusClass.FINAL || byStatus == StatusClass.FORBIDDEN;
    return ends && !isApiError() ? StatusClass.FAILING : byStatus;
  }

  /** Whether this is an error in one of the API's own JSON forms, with a tracking id. */
  private boolean isApiError() {
    JsonNode tree = Json.parse(body);
    if (tree == null || !(tree.has("message") || tree.has("errors") || tree.has("error"))) {
      return false;
    }
    return headers.contains("TrackingID") || Json.text(tree, "trackingId") != null;
  }

  /** What the body is, for a person: its type and length. */
  public String describeBody() {
    return describeBody(body.length());
  }

  /** What a body is that a reader has read: its type, and so many bytes. */
  public String describeBody(long length) {
    String type = header("Content-Type");
    return (type == null ? "no content type" : ErrorMessage.shortened(type, 60))
        + ", "
        + length
        + " bytes";
  }

  /** Without the body, which may hold tokens. */
  @Override
  public String toString() {
    return "ApiResponse[" + status + ", " + trackingId + "]";
  }
}
