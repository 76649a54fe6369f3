package io.offboarder.webex.http;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One answer as it came.
 *
 * @param trackingId as the response names it, else as the request did
 * @param location where a redirect points, which is never followed
 */
public record ApiResponse(
    int status,
    String trackingId,
    @Nullable String retryAfter,
    @Nullable String contentType,
    @Nullable String location,
    Buffer body) {

  /** What the body is, for a person: its type and length. */
  public String describeBody() {
    String type = contentType == null ? "no content type" : ErrorMessage.shortened(contentType, 60);
    return type + ", " + body.length() + " bytes";
  }

  /** Without the body, which may hold tokens. */
  @Override
  public String toString() {
    return "ApiResponse[" + status + ", " + trackingId + "]";
  }
}
