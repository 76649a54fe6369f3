package io.offboarder.webhook;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** What senders are answered. */
final class Answers {
  /** How long senders are asked to wait while something is away, in seconds. */
  private static final String SOON = "5";

  private static final String NOW = "1";

  private Answers() {}

  /** Something is away that comes back. */
  static void unavailable(RoutingContext context, String description) {
    context.response().putHeader("Retry-After", SOON);
    refuse(context, new Refusal(503, "unavailable", description));
  }

  /** There are too many of them. */
  static void tooMany(RoutingContext context, int status, String description) {
    context.response().putHeader("Retry-After", NOW);
    refuse(context, new Refusal(status, "too_many_requests", description));
  }

  /** The error body that RFC 8935 has for security event tokens, for all kinds of requests. */
  static void refuse(RoutingContext context, Refusal refusal) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(refusal.status())
        .putHeader("Content-Type", "application/json")
        .putHeader("Content-Language", "en")
        // What is still to come of the request is not read.
        .putHeader("Connection", "close")
        .end(
            new JsonObject()
                .put("err", refusal.err())
                .put("description", refusal.description())
                .encode());
  }
}
